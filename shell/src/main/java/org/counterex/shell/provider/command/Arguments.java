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
 * Arguments of one command call, parsed according to the synopsis of the command, which help and usage lines show as
 * well: {@code inc NS KEY [STEP] [--initial N]}.
 *
 * <p>Words in capitals are positional arguments; those in brackets are optional. Options may appear anywhere; those
 * that a synopsis separates by {@code |} exclude each other. {@code --} ends the options, so that any name can be
 * given. (Gogo's own parameters have no such mark, accept unknown options as names, convert a word like {@code 007} to
 * a number, and answer mistakes with a list of Java signatures.)
 */
public final class Arguments {

    private static final Pattern PART = Pattern.compile("(\\[)?(?:(--[a-z]+)( [A-Z]+)?|([A-Z]+))");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

    private final String synopsis;
    private final Deque<String> required = new ArrayDeque<>();
    private final Deque<String> optional = new ArrayDeque<>();
    /** Whether each option requires a value. */
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
            throw invalid("missing argument: argument=" + required.peek());
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
                throw invalid("unexpected argument: argument=" + CounterNames.printable(word));
            } else {
                values.put((required.isEmpty() ? optional : required).remove(), word);
            }
        }
    }

    private void readOption(String option, Iterator<String> words) {
        Boolean valued = options.get(option);
        if (valued == null) {
            throw invalid("unknown option: option=" + CounterNames.printable(option));
        }
        if (valued && !words.hasNext()) {
            throw invalid("option requires a value: option=" + option);
        }
        if (values.put(option, valued ? next(words) : "") != null) {
            throw invalid("duplicate option: option=" + option);
        }
        if (synopsis.contains("|")
                && options.keySet().stream().filter(values::containsKey).count() > 1) {
            throw invalid("options exclude each other: option=" + option);
        }
    }

    /** Rejects null, which the shell passes both for the bare word {@code null} and for an undefined variable. */
    private static String next(Iterator<String> words) {
        String word = words.next();
        if (word == null) {
            throw new CommandException("argument is null: undefined variable, or the word 'null' without quotes");
        }
        return word;
    }

    private CommandException invalid(String problem) {
        return new CommandException(problem + " usage=counter:" + synopsis);
    }

    /** Returns whether an optional argument was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns an argument as it was given, or null if it is missing. */
    public String text(String name) {
        return values.get(name);
    }

    /** Returns an argument as the value of a counter, or 0 if it is missing. */
    public long number(String name) {
        return number(name, 0);
    }

    /** Returns an argument as the value of a counter, or a default if it is missing. */
    public long number(String name, long defaultValue) {
        return number(name, defaultValue, -Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** Returns an argument as a number within bounds, or a default if it is missing. */
    public long number(String name, long defaultValue, long lowest, long highest) {
        String text = values.get(name);
        if (text == null) {
            return defaultValue;
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
            // A whole number beyond 64 bits is out of range as well.
        }
        throw new CommandException("number is out of range: " + name + "=" + CounterNames.printable(text) + " lowest="
                + lowest + " highest=" + highest);
    }
}
