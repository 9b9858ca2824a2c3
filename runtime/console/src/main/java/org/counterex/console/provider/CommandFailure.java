package org.counterex.console.provider;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Why a command failed, for the person who typed it: one line without the names of classes, whatever was thrown. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private static final Pattern CLASS_OF_EXCEPTION = Pattern.compile(
            "\\b(?:\\p{javaJavaIdentifierPart}+\\.)+(\\p{javaJavaIdentifierPart}*)(?:Exception|Error)(: |\\b)");

    /** What steers a terminal, breaks a line, is invisible or stands alone. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private static final int LONGEST = 500;
    private static final String CUT = "...";

    private final boolean understood;

    private CommandFailure(String message, Throwable cause, boolean understood) {
        super(printable(message), cause);
        this.understood = understood;
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
        Optional<String> line = line(said(reason));
        return new CommandFailure(
                line.orElseGet(() -> unsaid + ": " + firstLine(command.toString())), thrown, line.isPresent());
    }

    /** What an exception says to people: what these two say is about the text of a program. */
    private static String said(Throwable reason) {
        return reason instanceof NullPointerException || reason instanceof ClassCastException
                ? null
                : reason.getMessage();
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
                null,
                true);
    }

    /** Of a command that is done, but whose result has no text. */
    static CommandFailure unshown(CharSequence command, Throwable thrown) {
        return new CommandFailure("the result cannot be shown: " + firstLine(command.toString()), thrown, false);
    }

    /** Whether the message is all that anybody needs to know. */
    boolean isUnderstood() {
        return understood;
    }

    /**
     * The same failure, and where it was.
     *
     * @param place to be put before the message
     */
    CommandFailure at(String place) {
        return new CommandFailure(place + getMessage(), getCause(), understood);
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
        return printable(CLASS_OF_EXCEPTION.matcher(firstLine(text)).replaceAll(CommandFailure::words));
    }

    /** In the place of the name of a class: nothing if a message follows, otherwise what the name says. */
    private static String words(MatchResult nameOfClass) {
        String words = nameOfClass
                .group(1)
                .replaceFirst(".*\\$", "")
                .replaceAll("(?<=\\p{Lower})(?=\\p{Upper})", " ")
                .toLowerCase(Locale.ROOT);
        return !nameOfClass.group(2).isEmpty() ? "" : words.isEmpty() ? "error" : words;
    }

    /** As it can be shown anywhere: with escapes where it needs them, and not without end. */
    private static String printable(String line) {
        String safe = UNPRINTABLE.matcher(line).replaceAll(CommandFailure::escapes);
        if (safe.length() <= LONGEST) {
            return safe;
        }
        int end = LONGEST - CUT.length();
        return safe.substring(0, Character.isHighSurrogate(safe.charAt(end - 1)) ? end - 1 : end) + CUT;
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
