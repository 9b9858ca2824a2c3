package org.counterex.shell.provider.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.counterex.api.CounterException;

/**
 * Body of a command: a function of its arguments.
 *
 * @param <T> the result, for the shell to format or to pipe
 */
@FunctionalInterface
public interface Command<T> {

    /** Line separator within a help text, with the indentation at which Gogo's help starts the first line. */
    String LINE = "\n                 ";

    T call(Arguments arguments) throws IOException, InterruptedException;

    /**
     * Runs a command. Every failure that a user can cause is converted to a one-line message here.
     *
     * @param synopsis the synopsis according to which the words are parsed
     * @param words as passed by the shell
     * @throws CommandException the command was rejected or failed; the message says what did not happen
     */
    static <T> T run(String synopsis, String[] words, Command<T> command) {
        try {
            return command.call(new Arguments(synopsis, words));
        } catch (CounterException | IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (InterruptedException | InterruptedIOException | ClosedByInterruptException e) {
            throw new CommandException("interrupted", e);
        } catch (IOException e) {
            throw new CommandException(problem(e), e);
        }
    }

    private static String problem(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return "no such file: FILE=" + missing.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return "access is denied: FILE=" + denied.getFile();
        }
        if (e instanceof FileSystemException file) {
            return "file cannot be used: FILE=" + file.getFile() + " reason=" + file.getReason();
        }
        if (e instanceof CharacterCodingException) {
            return "file is not UTF-8";
        }
        return "input or output failed: reason=" + e.getMessage();
    }
}
