/**
 * Console of the distribution: runs the commands of a terminal, a stream or a script and prints their results. Read
 * {@link org.counterex.console.provider.Console} first. It depends on Gogo and the line editor, and deliberately not on
 * the API of counters.
 */
package org.counterex.console.provider;
