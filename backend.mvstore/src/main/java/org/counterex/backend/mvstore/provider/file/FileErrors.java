package org.counterex.backend.mvstore.provider.file;

import java.io.IOException;
import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** Exceptions about counter files, and their messages for operators. */
final class FileErrors {

    static final String IN_USE = "counter file is in use by another process or instance";

    private FileErrors() {}

    /** Returns an exception whose message names the file. */
    static IOException unusable(String problem, Path path, Throwable cause) {
        return new IOException(problem + ": file=" + path + (cause == null ? "" : " problem=" + cause), cause);
    }

    /** Returns an exception whose message names the file and classifies the cause. */
    static IOException unusable(Path path, Throwable cause) {
        return unusable(problem(cause), path, cause);
    }

    private static String problem(Throwable cause) {
        int code = cause instanceof MVStoreException store ? store.getErrorCode() : -1;
        return switch (code) {
            case DataUtils.ERROR_FILE_LOCKED -> IN_USE;
            case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND ->
                "file is corrupt or not a counter file, left unchanged";
            case DataUtils.ERROR_READING_FAILED -> "counter file cannot be read, left unchanged";
            case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "counter file has an unsupported format, left unchanged";
            default -> "counter file cannot be used";
        };
    }

    static MVStoreException corrupt(String problem) {
        return corrupt(problem, null);
    }

    static MVStoreException corrupt(String problem, RuntimeException cause) {
        return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, problem, cause);
    }

    static MVStoreException unsupportedFormat(int format, int supported) {
        return DataUtils.newMVStoreException(
                DataUtils.ERROR_UNSUPPORTED_FORMAT, "format={0} supported={1}", format, supported);
    }
}
