package org.counterex.backend.mvstore.provider.file;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/** File store that syncs the file before it writes the header, and counts the bytes that it writes. */
final class SyncedFileStore extends SingleFileStore {

    private static final int CACHE_MB = 16;

    SyncedFileStore() {
        super(new HashMap<>(Map.of("cacheSize", CACHE_MB)));
    }

    /** Returns the number of bytes written since the file was opened. */
    long writtenBytes() {
        return writeBytes.get();
    }

    // The header refers to the newest state, which must be on disk before.
    @Override
    protected void writeFully(SFChunk chunk, long position, ByteBuffer bytes) {
        if (position == 0) {
            sync();
        }
        super.writeFully(chunk, position, bytes);
    }
}
