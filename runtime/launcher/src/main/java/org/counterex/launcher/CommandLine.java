package org.counterex.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Parsed command line of {@code counterex}.
 *
 * @param mode what the program does
 * @param console arguments for the console, if it is used: the kind of input, then the arguments for that input
 */
record CommandLine(Mode mode, List<String> console) {

    private static final String SHELL = "shell";

    /** Kinds of runs of the program. */
    enum Mode {
        HELP,
        VERSION,
        /** Runs commands or a shell, then stops. */
        CONSOLE,
        /** Runs without commands until the process is terminated. */
        RUN
    }

    /**
     * Parses the arguments of the program.
     *
     * @param terminal whether standard input and output are a terminal
     * @throws LaunchException the arguments are invalid; the message says why
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
                    throw new LaunchException("option requires a value: option=-c");
                }
                yield console("commands", rest);
            }
            default -> {
                if (first.startsWith("-")) {
                    throw new LaunchException("unknown option, see counterex --help: option=" + first);
                }
                if (!Files.isRegularFile(Path.of(first))) {
                    throw new LaunchException("no such script: file=" + first);
                }
                yield console("script", words);
            }
        };
    }

    /** Returns whether the run lasts until a user or a signal ends it, instead of ending with its commands. */
    boolean lasts() {
        return mode == Mode.RUN || console.equals(List.of(SHELL));
    }

    private static CommandLine alone(Mode mode, List<String> words, String... console) {
        if (words.size() > 1) {
            throw new LaunchException("unexpected argument: argument=" + words.get(1));
        }
        return new CommandLine(mode, List.of(console));
    }

    private static CommandLine console(String kind, List<String> arguments) {
        return new CommandLine(
                Mode.CONSOLE, Stream.concat(Stream.of(kind), arguments.stream()).toList());
    }
}
