package org.counterex.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Unbuffered log file with a time stamp in front of each line. A full file is rolled over between two lines: {@code
 * counterex.log} becomes {@code counterex.1.log}, and so on; the oldest file is deleted.
 *
 * <p><b>Threads.</b> Any thread may write. The bytes of one call are not interleaved with those of another.
 */
final class LogFile extends OutputStream {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX ");

    private final Path file;
    private final long maxBytes;
    private final int olderFiles;
    private final Clock clock;
    private OutputStream out;
    private long size;
    private boolean atLineStart = true;

    /**
     * Opens the file, appending to its content.
     *
     * @param maxBytes size from which on the file is rolled over
     * @param olderFiles number of older files that are kept
     * @throws IOException the file cannot be written
     */
    LogFile(Path file, long maxBytes, int olderFiles, Clock clock) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.olderFiles = olderFiles;
        this.clock = clock;
        open();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(length + 32);
        for (int i = offset; i < offset + length; i++) {
            if (atLineStart) {
                text.writeBytes(TIME.format(ZonedDateTime.now(clock)).getBytes(StandardCharsets.US_ASCII));
            }
            text.write(bytes[i]);
            atLineStart = bytes[i] == '\n';
        }
        text.writeTo(out);
        size += text.size();
        if (atLineStart && size >= maxBytes) {
            rollOver();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    private void open() throws IOException {
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = Files.size(file);
    }

    private void rollOver() throws IOException {
        out.close();
        for (int i = olderFiles; i > 0; i--) {
            Path younger = i == 1 ? file : older(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, older(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        open();
    }

    private Path older(int age) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return file.resolveSibling(name.substring(0, dot) + "." + age + name.substring(dot));
    }
}
