package org.counterex.console.provider;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.felix.gogo.runtime.EOFError;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.SyntaxError;

/**
 * Commands from a stream, line by line as they arrive; what is not complete at the end of a line goes on in the next. No
 * more is taken from the stream than the line, so that a command can read what follows. Text is UTF-8.
 */
final class CommandLines {

    private final InputStream in;
    private final String name;
    private int lines;
    private int firstLine;
    private StringBuilder text = new StringBuilder();

    /** @param name of the stream, to say where a command failed; may be empty */
    CommandLines(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /**
     * The next line, or as many as it takes.
     *
     * @return empty at the end of the stream
     * @throws CommandFailure that is no program; nothing of it was run
     */
    Optional<Program> next() throws IOException, CommandFailure {
        firstLine = lines + 1;
        text = new StringBuilder();
        boolean incomplete = false;
        for (Optional<String> line = line(); line.isPresent(); line = line()) {
            text.append(lines == firstLine ? "" : "\n").append(line.get());
            try {
                return Optional.of(new Parser(text).program());
            } catch (EOFError e) {
                incomplete = true;
            } catch (SyntaxError e) {
                throw CommandFailure.of(text, e).at(place(0));
            }
        }
        if (incomplete) {
            throw CommandFailure.of(text, new EOFException("input ends within a command"))
                    .at(place(0));
        }
        return Optional.empty();
    }

    /**
     * The line in which something of the last program is, to be put before a message.
     *
     * @param start where in the program; Gogo's own count of lines starts anywhere and ends at 32,767
     */
    String place(int start) {
        return placeOfLine(
                firstLine + text.chars().limit(start).filter(c -> c == '\n').count());
    }

    private String placeOfLine(long line) {
        return name.isEmpty() ? "" : name + ":" + line + ": ";
    }

    private Optional<String> line() throws IOException, CommandFailure {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        lines++;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return Optional.of(decoded.endsWith("\r") ? decoded.substring(0, decoded.length() - 1) : decoded);
        } catch (CharacterCodingException e) {
            // Replaced by something that is UTF-8, different names would become one.
            throw CommandFailure.of("", new IOException("line is not UTF-8", e)).at(placeOfLine(lines));
        }
    }
}
