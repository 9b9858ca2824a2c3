package org.counterex.backend.redis.provider.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Lua script, and the digest by which a server that has cached it finds it. */
public final class Script {

    final byte[] source;
    final byte[] sha;

    private Script(byte[] source) throws NoSuchAlgorithmException {
        this.source = source;
        this.sha = RedisClient.bytes(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source)));
    }

    /** Loads a script from a resource in the package of a class. */
    public static Script load(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            return new Script(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
