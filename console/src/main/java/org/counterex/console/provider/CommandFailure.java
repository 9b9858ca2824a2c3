package org.counterex.console.provider;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Why a command failed, for the person who typed it: one line without the names of classes, whatever was thrown. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private static final Pattern CLASS_OF_EXCEPTION = Pattern.compile(
            "\\b(?:\\p{javaJavaIdentifierPart}+\\.)+[\\p{javaJavaIdentifierPart}$]*(?:Exception|Error): ");

    /** Characters that steer a terminal, break a line or are invisible. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]");

    private CommandFailure(String message, Throwable cause) {
        super(UNPRINTABLE.matcher(message).replaceAll(found -> escaped(found.group())), cause);
    }

    private static String escaped(String character) {
        StringBuilder escaped = new StringBuilder();
        character.chars().forEach(unit -> escaped.append(String.format("\\\\u%04x", unit)));
        return escaped.toString();
    }

    /**
     * Of a command that ended with an exception.
     *
     * @param command its text, shown where the exception does not say anything
     */
    static CommandFailure of(CharSequence command, Throwable thrown) {
        Throwable reason = reason(thrown);
        String unsaid =
                reason instanceof InterruptedException ? "interrupted" : "command failed, see log/counterex.log";
        return new CommandFailure(
                line(reason.getMessage()).orElseGet(() -> unsaid + ": " + firstLine(command.toString())), thrown);
    }

    /**
     * Of a command that ended with an error status instead.
     *
     * @param said what it printed to standard error
     */
    static CommandFailure of(CharSequence command, int status, String said) {
        return new CommandFailure(
                line(said)
                        .orElseGet(() -> "command ended with status " + status + ": " + firstLine(command.toString())),
                null);
    }

    /**
     * The same failure, and where it was.
     *
     * @param place to be put before the message
     */
    CommandFailure at(String place) {
        return new CommandFailure(place + getMessage(), getCause());
    }

    /** The shell shows an exception as its string. */
    @Override
    public String toString() {
        return getMessage();
    }

    /** Looks behind what only wraps another: Gogo does so with errors, and others with their cause. */
    private static Throwable reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause != null
                        && (thrown instanceof ExecutionException
                                || cause.toString().equals(thrown.getMessage()))
                ? reason(cause)
                : thrown;
    }

    /** The first line of a text, without the names of exception classes in it; empty if nothing is left. */
    static String plain(String text) {
        return CLASS_OF_EXCEPTION.matcher(firstLine(text)).replaceAll("");
    }

    private static Optional<String> line(String text) {
        return Optional.ofNullable(text).map(CommandFailure::plain).filter(line -> !line.isEmpty());
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
