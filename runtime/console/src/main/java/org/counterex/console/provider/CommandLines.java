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
 * Reader of commands from a UTF-8 stream, line by line as they arrive; an incomplete command continues on the next
 * line. It consumes no more than the line, so that a command can read what follows.
 */
final class CommandLines {

    private final InputStream in;
    private final String name;
    private int lines;
    private int firstLine;
    private StringBuilder text = new StringBuilder();

    /** @param name name of the stream in failure locations; may be empty */
    CommandLines(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /**
     * Reads the next program, which takes one or more lines.
     *
     * @return empty at the end of the stream
     * @throws CommandFailure the text is not a valid program; none of it was run
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
                throw CommandFailure.of(text, e).at(location(0));
            }
        }
        if (incomplete) {
            throw CommandFailure.of(text, new EOFException("input ends within a command"))
                    .at(location(0));
        }
        return Optional.empty();
    }

    /**
     * Returns the location of a part of the last program, as a prefix of messages.
     *
     * @param start index in the program; Gogo's own line numbers have no fixed origin and overflow at 32,767
     */
    String location(int start) {
        return locationOfLine(
                firstLine + text.chars().limit(start).filter(c -> c == '\n').count());
    }

    private String locationOfLine(long line) {
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
            // Decoding with replacement would make different names equal.
            throw CommandFailure.of("", new IOException("line is not UTF-8", e)).at(locationOfLine(lines));
        }
    }
}
