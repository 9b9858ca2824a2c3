/**
 * Commands of the Gogo shell for counters, backends and routes, as components. Read {@link
 * org.counterex.shell.provider.CountingCommands} first. The package depends on the API of counters and on the packages
 * below it, none of which depends on it.
 */
package org.counterex.shell.provider;
