package org.counterex.shell.provider.tally;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.counterex.api.CounterNames;
import org.junit.Test;

public class SplitterTest {

    private static final int MAX_LENGTH = 4;
    private static final String ALPHABET = "ab\u00e9 \t\u000B\f\r\n\n";

    @Test
    public void lines_bothLineEnds_areRecognized() {
        assertEquals(List.of("ab", "c\rd", "e"), split("ab\r\n\n\r\nc\rd\ne", 99, s -> Splitter.lines(MAX_LENGTH, s)));
        assertEquals("at the limit", List.of("abcd"), split("abcd\r\n", 99, s -> Splitter.lines(MAX_LENGTH, s)));
        assertEquals(
                "above the limit",
                List.of("<too long>", "x"),
                split("abcde\nx", 99, s -> Splitter.lines(MAX_LENGTH, s)));
    }

    @Test
    public void words_asciiWhiteSpaceOnly_separates() {
        String text = " a\tb\u000Bc\fd\re\n\nf\u00a0g\u2003h ";
        assertEquals(List.of("a", "b", "c", "d", "e", "f\u00a0g\u2003h"), split(text, 99, s -> Splitter.words(99, s)));
    }

    @Test
    public void fields_ofEachLine_countFromOne() {
        String text = "a b c\n\nd\n e  f\tg\r\nabcde abcde\n";
        assertEquals(List.of("b", "f", "<too long>"), split(text, 99, s -> Splitter.fields(2, MAX_LENGTH, s)));
        assertEquals(List.of("a", "d", "e", "<too long>"), split(text, 99, s -> Splitter.fields(1, MAX_LENGTH, s)));
        assertEquals(List.of(), split(text, 99, s -> Splitter.fields(Long.MAX_VALUE, MAX_LENGTH, s)));
    }

    @Test
    public void chunks_ofAnySize_giveTheSameTokens() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder built = new StringBuilder();
            random.ints(random.nextInt(40), 0, ALPHABET.length()).forEach(at -> built.append(ALPHABET.charAt(at)));
            String text = built.toString();
            String message = "seed=" + seed + " text=" + CounterNames.escape(text);
            int chunk = 1 + random.nextInt(8);
            assertEquals(message, expected(text, "\n"), split(text, chunk, s -> Splitter.lines(MAX_LENGTH, s)));
            assertEquals(
                    message,
                    expected(text, "[ \t\n\u000B\f\r]"),
                    split(text, chunk, s -> Splitter.words(MAX_LENGTH, s)));
        }
    }

    private static List<String> expected(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .map(token -> token.replaceAll("\r\\z", ""))
                .filter(token -> !token.isEmpty())
                .map(token -> token.getBytes(UTF_8).length > MAX_LENGTH ? "<too long>" : token)
                .toList();
    }

    private static List<String> split(String text, int chunk, Function<Splitter.Sink, Splitter> kind) {
        List<String> tokens = new ArrayList<>();
        Splitter splitter = kind.apply(new Splitter.Sink() {
            @Override
            public void token(String token) {
                tokens.add(token);
            }

            @Override
            public void tooLong() {
                tokens.add("<too long>");
            }
        });
        byte[] bytes = text.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += chunk) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
            splitter.feed(part, part.length);
        }
        splitter.end();
        return tokens;
    }
}
