package org.counterex.shell.provider.tally;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.shell.provider.command.CommandException;

/**
 * Counts the tokens of a stream, in memory that does not depend on the length of the stream or its lines. Not
 * thread-safe, for one stream.
 */
public final class Tally implements Splitter.Sink {

    /** No name has more bytes: three for each UTF-16 character, four for a pair of them. */
    public static final int LONGEST_TOKEN = 3 * CounterNames.MAX_LENGTH;
    /** In bytes; a line has to be in memory as a whole to be searched. */
    public static final int LONGEST_LINE = 1 << 20;

    private static final int CHUNK = 1 << 16;

    private final CounterNamespace namespace;
    private long counted;
    private long skipped;

    public Tally(CounterNamespace namespace) {
        this.namespace = namespace;
    }

    /** How many tokens were counted. */
    public long counted() {
        return counted;
    }

    /** How many tokens (lines to be searched) were too long. */
    public long skipped() {
        return skipped;
    }

    /**
     * Counts until the stream ends.
     *
     * @param splitter one that hands its tokens to this tally
     * @param progress is told the number of bytes after each chunk
     * @throws CommandException a token could not be counted; the message says how many were before
     * @throws InterruptedException the thread was interrupted, and still is; everything read before is counted
     */
    public void count(InputStream in, Splitter splitter, LongConsumer progress)
            throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        try {
            for (int read; (read = in.read(chunk)) >= 0; ) {
                splitter.feed(chunk, read);
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                progress.accept(bytes += read);
            }
            splitter.end();
        } catch (CounterException e) {
            throw new CommandException(e.getMessage() + " counted before=" + counted, e);
        }
    }

    @Override
    public void token(String token) {
        if (token.length() > CounterNames.MAX_LENGTH) {
            skipped++;
        } else {
            namespace.add(token, 1);
            counted++;
        }
    }

    @Override
    public void tooLong() {
        skipped++;
    }

    /** Where lines go whose matches are counted instead of themselves. */
    public Splitter.Sink matchesOf(Pattern expression) {
        Matcher matcher = expression.matcher("");
        int group = Math.min(1, matcher.groupCount());
        return new Splitter.Sink() {
            @Override
            public void token(String line) {
                matcher.reset(line);
                try {
                    while (matcher.find()) {
                        String match = matcher.group(group);
                        if (match != null && !match.isEmpty()) {
                            Tally.this.token(match);
                        }
                    }
                } catch (StackOverflowError e) {
                    throw new CommandException(
                            "expression is too deep for a line: --match="
                                    + CounterNames.printable(expression.pattern()) + " characters=" + line.length()
                                    + " counted before=" + counted,
                            e);
                }
            }

            @Override
            public void tooLong() {
                Tally.this.tooLong();
            }
        };
    }
}
