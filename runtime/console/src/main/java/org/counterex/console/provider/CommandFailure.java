package org.counterex.console.provider;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Failure of a command, with a one-line message for the user that contains no class names, whatever was thrown. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private static final Pattern CLASS_OF_EXCEPTION = Pattern.compile(
            "\\b(?:\\p{javaJavaIdentifierPart}+\\.)+(\\p{javaJavaIdentifierPart}*)(?:Exception|Error)(: |\\b)");

    /**
     * Same characters as in {@code CounterNames.isPrintable}. The console does not import the API: a refresh of that
     * bundle would restart the console and end the process.
     */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private static final int MAX_LENGTH = 500;
    private static final String ELLIPSIS = "...";

    private final boolean selfExplanatory;

    private CommandFailure(String message, Throwable cause, boolean selfExplanatory) {
        super(printable(message), cause);
        this.selfExplanatory = selfExplanatory;
    }

    /**
     * Returns the failure of a command that threw an exception.
     *
     * @param command text of the command, shown if the exception has no usable message
     */
    static CommandFailure of(CharSequence command, Throwable thrown) {
        Throwable reason = reason(thrown);
        String fallback =
                reason instanceof InterruptedException ? "interrupted" : "command failed, see log/counterex.log";
        Optional<String> line = line(message(reason));
        return new CommandFailure(
                line.orElseGet(() -> fallback + ": " + firstLine(command.toString())), thrown, line.isPresent());
    }

    /** Returns the message of an exception; null if its type implies a message about program code. */
    private static String message(Throwable reason) {
        return reason instanceof NullPointerException || reason instanceof ClassCastException
                ? null
                : reason.getMessage();
    }

    /**
     * Returns the failure of a command that ended with an error status.
     *
     * @param errorOutput its output to standard error
     */
    static CommandFailure of(CharSequence command, int status, String errorOutput) {
        return new CommandFailure(
                line(errorOutput)
                        .orElseGet(() -> "command ended with status " + status + ": " + firstLine(command.toString())),
                null,
                true);
    }

    /** Returns the failure to convert the result of a successful command to text. */
    static CommandFailure unprintableResult(CharSequence command, Throwable thrown) {
        return new CommandFailure("result cannot be printed: " + firstLine(command.toString()), thrown, false);
    }

    /** Returns whether the message is sufficient without the stack trace. */
    boolean isSelfExplanatory() {
        return selfExplanatory;
    }

    /**
     * Returns this failure with its location.
     *
     * @param location prefix of the message
     */
    CommandFailure at(String location) {
        return new CommandFailure(location + getMessage(), getCause(), selfExplanatory);
    }

    /** Returns the message: the shell shows an exception by its string. */
    @Override
    public String toString() {
        return getMessage();
    }

    /** Unwraps an exception that adds no message to its cause, such as those in which Gogo wraps errors. */
    private static Throwable reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause != null
                        && (thrown instanceof ExecutionException
                                || cause.toString().equals(thrown.getMessage()))
                ? reason(cause)
                : thrown;
    }

    /** Returns the first line of a text without names of exception classes. */
    static String plain(String text) {
        return printable(CLASS_OF_EXCEPTION.matcher(firstLine(text)).replaceAll(CommandFailure::words));
    }

    /** Returns the replacement for a class name: nothing if a message follows, otherwise the words of the name. */
    private static String words(MatchResult nameOfClass) {
        String words = nameOfClass
                .group(1)
                .replaceFirst(".*\\$", "")
                .replaceAll("(?<=\\p{Lower})(?=\\p{Upper})", " ")
                .toLowerCase(Locale.ROOT);
        return !nameOfClass.group(2).isEmpty() ? "" : words.isEmpty() ? "error" : words;
    }

    /** Returns a line with unprintable characters escaped, cut to the maximum length. */
    private static String printable(String line) {
        String safe = UNPRINTABLE.matcher(line).replaceAll(CommandFailure::escapes);
        if (safe.length() <= MAX_LENGTH) {
            return safe;
        }
        int end = MAX_LENGTH - ELLIPSIS.length();
        return safe.substring(0, Character.isHighSurrogate(safe.charAt(end - 1)) ? end - 1 : end) + ELLIPSIS;
    }

    private static String escapes(MatchResult unprintable) {
        return unprintable
                .group()
                .chars()
                .mapToObj(unit -> String.format("\\\\u%04x", unit))
                .collect(Collectors.joining());
    }

    private static Optional<String> line(String text) {
        return Optional.ofNullable(text).map(CommandFailure::plain).filter(line -> !line.isEmpty());
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
