package org.counterex.shell.provider.terminal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import org.counterex.shell.provider.command.CommandException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * Lines that are typed on a terminal, with their ends, up to Ctrl-D. (The stream that the terminal itself has takes an end
 * of input for a pause, and what reads from it when a command is interrupted takes the first key of the next one.)
 */
final class TypedLines implements Enumeration<InputStream> {

    private final LineReader reader;
    private String line;

    TypedLines(Terminal terminal) {
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /** @throws CommandException Ctrl-C was pressed */
    @Override
    public boolean hasMoreElements() {
        try {
            line = reader.readLine();
            return true;
        } catch (EndOfFileException e) {
            return false;
        } catch (UserInterruptException e) {
            throw new CommandException("interrupted", e);
        }
    }

    @Override
    public InputStream nextElement() {
        return new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
