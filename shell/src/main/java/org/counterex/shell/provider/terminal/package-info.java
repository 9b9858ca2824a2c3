/**
 * Output that is redrawn in place and input typed on the terminal of a session. Read {@link
 * org.counterex.shell.provider.terminal.Screen} first. The package depends on the line editor, which is optional at run
 * time, and, for its failures, on {@code command}.
 */
package org.counterex.shell.provider.terminal;
