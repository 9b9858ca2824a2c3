/**
 * Text form of command results: tables, paragraphs and sentences. Read {@link
 * org.counterex.shell.provider.format.ResultConverter} first. The package depends on the API of counters and on {@code
 * measure}, whose results it formats.
 */
package org.counterex.shell.provider.format;
