package org.counterex.backend.redis.provider.batch;

import java.util.List;
import org.counterex.backend.redis.provider.client.RedisClient;

/**
 * What all runtimes with the same key prefix share on the server, apart from the counters: the number of buckets and
 * the set of namespaces.
 */
public final class ServerLayout {

    private final String buckets;
    private final byte[] bucketsKey;
    private final byte[] namespacesKey;

    /** Whether the server's number of buckets is known to be that of this runtime. */
    private volatile boolean verified;

    public ServerLayout(String prefix, int buckets) {
        this.buckets = Integer.toString(buckets);
        this.bucketsKey = RedisClient.bytes(prefix + "buckets");
        this.namespacesKey = RedisClient.bytes(prefix + "namespaces");
    }

    /**
     * Ensures, before a batch is sent, that the number of buckets matches, and that other runtimes find a namespace
     * that is written to.
     */
    void prepare(RedisClient client, NamespaceQueues namespace, boolean announce) {
        if (!verified) {
            String expected = client.setIfAbsent(bucketsKey, buckets);
            if (!expected.equals(buckets)) {
                throw new RedisClient.UnreachableException(
                        "number of buckets differs from the server's: buckets=" + buckets + " expected=" + expected);
            }
            verified = true;
        }
        if (announce && !namespace.announced) {
            client.addToSet(namespacesKey, namespace.name);
            namespace.announced = true;
        }
    }

    /** Ensures that both are checked again, as the server has lost data. */
    void invalidate(NamespaceQueues namespace) {
        verified = false;
        namespace.announced = false;
    }

    /** Returns the names of the namespaces that any runtime has announced. */
    public List<String> namespaces(RedisClient client) {
        return client.members(namespacesKey);
    }
}
