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
 * Counts of the tokens of one stream, in memory that does not depend on the length of the stream or of its lines. Not
 * thread-safe.
 */
public final class Tally implements Splitter.Sink {

    /** Maximum length of a name in bytes: three for each UTF-16 code unit, four for a surrogate pair. */
    public static final int MAX_TOKEN_BYTES = 3 * CounterNames.MAX_LENGTH;
    /** Maximum length in bytes of a line to be searched, which must be in memory as a whole. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    private static final int CHUNK = 1 << 16;

    private final CounterNamespace namespace;
    private long counted;
    private long skipped;

    public Tally(CounterNamespace namespace) {
        this.namespace = namespace;
    }

    /** Returns the number of tokens that were counted. */
    public long counted() {
        return counted;
    }

    /** Returns the number of tokens, or of lines to be searched, that were too long. */
    public long skipped() {
        return skipped;
    }

    /**
     * Counts until the stream ends.
     *
     * @param splitter passes its tokens to this tally
     * @param progress receives the number of bytes after each chunk
     * @throws CommandException a token could not be counted; the message gives the number of those that were
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

    /** Returns a receiver of lines that counts their matches of an expression. */
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
                            "regular expression overflows the stack on a line: --match="
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
