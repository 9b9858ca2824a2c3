package org.counterex.web.provider.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.counterex.web.provider.http.HttpError;
import org.junit.Test;

public class CounterPageTest {

    /** Compares with sorting all counters. */
    @Test
    public void pages_atRandom_areSelectedInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Map<String, Long> counters = new HashMap<>();
            for (int i = random.nextInt(50); i > 0; i--) {
                counters.put("k" + random.nextInt(100), (long) random.nextInt(5));
            }
            boolean byValue = random.nextBoolean();
            boolean ascending = random.nextBoolean();
            int offset = random.nextInt(20);
            int limit = random.nextInt(20);
            String search = random.nextBoolean() ? "" : "1";
            CounterPage page = new CounterPage(search, byValue, ascending, offset, limit);
            counters.entrySet().forEach(page::add);
            Comparator<Map.Entry<String, Long>> order =
                    byValue ? Map.Entry.comparingByValue() : Map.Entry.comparingByKey();
            order = (ascending ? order : order.reversed());
            order = byValue ? order.thenComparing(Map.Entry.comparingByKey()) : order;
            List<Map.Entry<String, Long>> matching = counters.entrySet().stream()
                    .filter(counter -> counter.getKey().contains(search))
                    .sorted(order)
                    .toList();
            String message = "seed=" + seed + " round=" + round;
            assertEquals(message, counters.size(), page.counters());
            assertEquals(message, matching.size(), page.matched());
            assertEquals(message, matching.stream().skip(offset).limit(limit).toList(), page.items());
        }
    }

    @Test
    public void page_tooDeep_isRejected() {
        new CounterPage("", false, true, 99_000, 1_000);
        assertEquals(
                400,
                assertThrows(HttpError.class, () -> new CounterPage("", false, true, 99_001, 1_000))
                        .status());
        assertThrows(HttpError.class, () -> new CounterPage("", false, true, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** Compares with a regular expression. */
    @Test
    public void searches_atRandom_matchAsRegularExpressions() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 100_000; round++) {
            String pattern = text(random, "ab*?\\\uD83D\uDE00", 6);
            String key = text(random, "ab*\\\uD83D\uDE00", 8);
            boolean isPattern = pattern.contains("*") || pattern.contains("?");
            boolean expected = isPattern ? Pattern.matches(expression(pattern), key) : key.contains(pattern);
            assertEquals(
                    "seed=" + seed + " pattern=" + pattern + " key=" + key,
                    expected,
                    new NameSearch(pattern).test(key));
        }
        assertThrows(HttpError.class, () -> new NameSearch("x".repeat(257)));
    }

    private static String expression(String pattern) {
        StringBuilder expression = new StringBuilder("(?s)");
        boolean quoted = false;
        List<String> characters =
                pattern.codePoints().mapToObj(Character::toString).collect(Collectors.toList());
        for (int i = 0; i < characters.size(); i++) {
            String c = characters.get(i);
            if (quoted || c.equals("\\") && i + 1 == characters.size()) {
                expression.append(Pattern.quote(c));
                quoted = false;
            } else if (c.equals("\\")) {
                quoted = true;
            } else {
                expression.append(c.equals("*") ? ".*" : c.equals("?") ? "." : Pattern.quote(c));
            }
        }
        return expression.toString();
    }

    private static String text(Random random, String characters, int longest) {
        int[] choice = characters.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest); i > 0; i--) {
            text.appendCodePoint(choice[random.nextInt(choice.length)]);
        }
        return text.toString();
    }
}
