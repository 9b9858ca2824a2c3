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
 * Lines typed on a terminal, including their line ends, up to Ctrl-D. (The terminal's own input stream treats an end of
 * input as a pause, and a read that is pending when a command is interrupted consumes the first key of the next
 * command.)
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
