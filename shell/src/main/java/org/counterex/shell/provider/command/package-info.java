/**
 * Invocation of one command: parsing of its arguments and conversion of its failures to messages. Read {@link
 * org.counterex.shell.provider.command.Command} first. The package depends on the API of counters only.
 */
package org.counterex.shell.provider.command;
