/**
 * Counting of the tokens in a stream: splitting, decoding and adding. Read {@link
 * org.counterex.shell.provider.tally.Tally} first. The package depends on the API of counters and, for its failures, on
 * {@code command}.
 */
package org.counterex.shell.provider.tally;
