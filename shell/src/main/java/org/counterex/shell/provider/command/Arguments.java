package org.counterex.shell.provider.command;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.counterex.api.CounterNames;

/**
 * The words of one call, read by the synopsis of its command, which help and usage lines show too:
 * {@code inc NS KEY [STEP] [--initial N]}.
 *
 * <p>Words in capitals are taken in order, those in brackets may be missing at the end. Options may stand anywhere; those
 * that a synopsis separates by {@code |} exclude each other. After {@code --} nothing is an option any more, so every
 * name can be given. (Gogo's own parameters know no such mark, take unknown options for names, turn a word like
 * {@code 007} into a number, and answer mistakes with a list of Java signatures.)
 */
public final class Arguments {

    private static final Pattern PART = Pattern.compile("(\\[)?(?:(--[a-z]+)( [A-Z]+)?|([A-Z]+))");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

    private final String synopsis;
    private final Deque<String> required = new ArrayDeque<>();
    private final Deque<String> optional = new ArrayDeque<>();
    /** Every option, with whether a value follows it. */
    private final Map<String, Boolean> options = new HashMap<>();

    private final Map<String, String> values = new HashMap<>();

    Arguments(String synopsis, String... words) {
        this.synopsis = synopsis;
        for (Matcher part = PART.matcher(synopsis); part.find(); ) {
            if (part.group(2) != null) {
                options.put(part.group(2), part.group(3) != null);
            } else {
                (part.group(1) == null ? required : optional).add(part.group(4));
            }
        }
        read(Arrays.asList(words).iterator());
        if (!required.isEmpty()) {
            throw refused("missing=" + required.peek());
        }
    }

    private void read(Iterator<String> words) {
        boolean mayBeOption = true;
        while (words.hasNext()) {
            String word = next(words);
            if (mayBeOption && word.equals("--")) {
                mayBeOption = false;
            } else if (mayBeOption && word.startsWith("--")) {
                readOption(word, words);
            } else if (required.isEmpty() && optional.isEmpty()) {
                throw refused("surplus=" + CounterNames.printable(word));
            } else {
                values.put((required.isEmpty() ? optional : required).remove(), word);
            }
        }
    }

    private void readOption(String option, Iterator<String> words) {
        Boolean valued = options.get(option);
        if (valued == null) {
            throw refused("unknown=" + CounterNames.printable(option));
        }
        if (valued && !words.hasNext()) {
            throw refused("without value=" + option);
        }
        if (values.put(option, valued ? next(words) : "") != null) {
            throw refused("twice=" + option);
        }
        if (synopsis.contains("|")
                && options.keySet().stream().filter(values::containsKey).count() > 1) {
            throw refused("one too many=" + option);
        }
    }

    /** The shell gives null for the bare word {@code null} and for a variable without a value; it does not tell which. */
    private static String next(Iterator<String> words) {
        String word = words.next();
        if (word == null) {
            throw new CommandException("argument is null: give the variable a value, or quote the word 'null'");
        }
        return word;
    }

    private CommandException refused(String problem) {
        return new CommandException("wrong arguments: " + problem + " usage=counter:" + synopsis);
    }

    /** Whether an argument that may be missing was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** An argument as it was given; null if it is missing. */
    public String text(String name) {
        return values.get(name);
    }

    /** An argument as a value of a counter. */
    public long number(String name) {
        return number(name, 0);
    }

    /** An argument as a value of a counter, or another value if it is missing. */
    public long number(String name, long absent) {
        return number(name, absent, -Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** An argument as a number within bounds, or another number if it is missing. */
    public long number(String name, long absent, long lowest, long highest) {
        String text = values.get(name);
        if (text == null) {
            return absent;
        }
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw new CommandException("not a whole number: " + name + "=" + CounterNames.printable(text));
        }
        try {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // a whole number past 64 bits: out of range as well
        }
        throw new CommandException("number is out of range: " + name + "=" + CounterNames.printable(text) + " lowest="
                + lowest + " highest=" + highest);
    }
}
