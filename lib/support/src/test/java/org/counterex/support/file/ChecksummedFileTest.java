package org.counterex.support.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A file that is replaced as a whole, and rejected unless it is whole. */
public class ChecksummedFileTest {

    private static final long MAGIC = 0x0123456789abcdefL;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private ChecksummedFile file;

    @Before
    public void create() {
        path = folder.getRoot().toPath().resolve("new/folder/test.file");
        file = new ChecksummedFile(path, MAGIC, "test");
    }

    private void write(String text) throws IOException {
        file.write(out -> ChecksummedFile.writeText(out, text));
    }

    private String read() throws IOException {
        return file.read(ChecksummedFile::readText);
    }

    @Test
    public void format_isMagicBodyAndChecksum() throws Exception {
        file.write(out -> out.writeInt(7));
        ByteBuffer expected = ByteBuffer.allocate(20).putLong(MAGIC).putInt(7);
        CRC32 sum = new CRC32();
        sum.update(expected.array(), 0, 12);
        assertArrayEquals(expected.putLong(sum.getValue()).array(), Files.readAllBytes(path));
    }

    @Test
    public void file_writtenTwice_hasTheLastBody() throws Exception {
        assertFalse(file.exists());
        String large = "\u0000\n\ud83d\ude00".repeat(100_000);
        write("first");
        write(large);
        assertTrue(file.exists());
        assertEquals(large, read());
        assertEquals(large, read());
    }

    @Test
    public void file_setAside_isNotReadAgain() throws Exception {
        write("first");
        file.setAside();
        assertFalse(file.exists());
        assertThrows(IOException.class, this::read);
        write("second");
        file.setAside();
        assertTrue(Files.exists(path.resolveSibling("test.file.taken")));
    }

    @Test
    public void write_thatFails_leavesThePreviousFile() throws Exception {
        write("first");
        assertThrows(
                EOFException.class,
                () -> file.write(out -> {
                    out.writeLong(1);
                    throw new EOFException();
                }));
        assertEquals("first", read());
        write("second");
        assertEquals("second", read());
    }

    @Test
    public void corruption_anywhere_isRejected() throws Exception {
        write("text");
        byte[] sound = Files.readAllBytes(path);
        for (int i = 0; i < sound.length; i++) {
            byte[] corrupt = sound.clone();
            corrupt[i] ^= 1;
            assertRejected(corrupt);
            assertRejected(Arrays.copyOf(sound, i));
        }
        assertRejected(Arrays.copyOf(sound, sound.length + 1));
    }

    @Test
    public void otherMagicNumber_isRejected() throws Exception {
        new ChecksummedFile(path, MAGIC + 1, "other").write(out -> ChecksummedFile.writeText(out, "text"));
        assertRejected(Files.readAllBytes(path));
    }

    /** The checksum is no part of the body: a reader that expects more finds the end. */
    @Test
    public void body_shorterThanExpected_isRejected() throws Exception {
        file.write(out -> {});
        assertRejected(Files.readAllBytes(path));
    }

    private void assertRejected(byte[] bytes) throws IOException {
        Files.write(path, bytes);
        String message = assertThrows(IOException.class, this::read).getMessage();
        assertTrue(
                message, message.startsWith("test file is corrupt or not a test file, left unchanged: file=" + path));
        assertArrayEquals(bytes, Files.readAllBytes(path));
    }
}
