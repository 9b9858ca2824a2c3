package org.counterex.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the words after {@code counterex} ask for.
 *
 * @param mode what to do
 * @param console what the console is told where there is one: which kind of input it reads, then the arguments of that
 */
record CommandLine(Mode mode, List<String> console) {

    private static final String SHELL = "shell";

    /** What a run of the program does. */
    enum Mode {
        HELP,
        VERSION,
        /** Commands or a shell, then stop. */
        CONSOLE,
        /** Neither: until somebody stops it. */
        RUN
    }

    /**
     * Reads the words.
     *
     * @param terminal whether somebody sits at standard input and output
     * @throws LaunchException they make no sense; the message says why
     */
    static CommandLine of(List<String> words, boolean terminal) {
        if (words.isEmpty()) {
            return new CommandLine(Mode.CONSOLE, List.of(terminal ? SHELL : "input"));
        }
        String first = words.get(0);
        List<String> rest = words.subList(1, words.size());
        return switch (first) {
            case "-h", "--help" -> alone(Mode.HELP, words);
            case "--version" -> alone(Mode.VERSION, words);
            case "run" -> alone(Mode.RUN, words, "none");
            case "-c" -> {
                if (rest.isEmpty()) {
                    throw new LaunchException("-c needs commands");
                }
                yield console("commands", rest);
            }
            default -> {
                if (first.startsWith("-")) {
                    throw new LaunchException("no such option, see counterex --help: option=" + first);
                }
                if (!Files.isRegularFile(Path.of(first))) {
                    throw new LaunchException("no such script: file=" + first);
                }
                yield console("script", words);
            }
        };
    }

    /** Whether it is a run that somebody ends: not one that is over when its commands are. */
    boolean lasts() {
        return mode == Mode.RUN || console.equals(List.of(SHELL));
    }

    private static CommandLine alone(Mode mode, List<String> words, String... console) {
        if (words.size() > 1) {
            throw new LaunchException(words.get(0) + " takes no argument: argument=" + words.get(1));
        }
        return new CommandLine(mode, List.of(console));
    }

    private static CommandLine console(String kind, List<String> arguments) {
        return new CommandLine(
                Mode.CONSOLE, Stream.concat(Stream.of(kind), arguments.stream()).toList());
    }
}
