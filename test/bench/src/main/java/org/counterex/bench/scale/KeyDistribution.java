package org.counterex.bench.scale;

import java.util.Arrays;
import java.util.Random;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Distribution of calls over namespaces, buckets and shards, by the names of keys, their hash codes and hash slots. */
final class KeyDistribution {

    private static final int SLOTS = 16384;

    private final int[] shards;

    /** For each bucket, the share of the calls that go to it or to a bucket before it. */
    private final double[] cumulative;

    private final double[] shares;

    KeyDistribution(Setup setup) {
        int all = setup.namespaces * setup.buckets;
        shards = new int[all];
        for (int i = 0; i < all; i++) {
            shards[i] = shard("n" + i / setup.buckets + "/" + i % setup.buckets, setup.shards);
        }
        double[] ofBucket = new double[setup.buckets];
        double sum = 0;
        for (int key = 0; key < setup.keys; key++) {
            double weight = setup.skew == 0 ? 1 : Math.pow(key + 1, -setup.skew);
            ofBucket[bucket(key, setup.buckets)] += weight;
            sum += weight;
        }
        shares = new double[all];
        for (int i = 0; i < all; i++) {
            shares[i] = (1 - setup.hot) * ofBucket[i % setup.buckets] / sum / setup.namespaces;
        }
        shares[bucket(0, setup.buckets)] += setup.hot;
        cumulative = shares.clone();
        Arrays.parallelPrefix(cumulative, Double::sum);
    }

    /** Returns the bucket of a key, by the hash code of its name. */
    static int bucket(int key, int buckets) {
        return Math.floorMod(name(key).hashCode(), buckets);
    }

    static String name(int key) {
        return "counter-" + key;
    }

    /** Returns the shard of a hash tag, if shards have equal shares of the hash slots. */
    static int shard(String tag, int shards) {
        return shards == 1 ? 0 : JedisClusterCRC16.getSlot(tag) * shards / SLOTS;
    }

    int bucketCount() {
        return shards.length;
    }

    int shard(int bucket) {
        return shards[bucket];
    }

    /** Returns the share of all calls that go to a bucket. */
    double share(int bucket) {
        return shares[bucket];
    }

    /** Returns a random bucket, with the probability of its share. */
    int randomBucket(Random random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
        return Math.min(found < 0 ? -found - 1 : found + 1, cumulative.length - 1);
    }
}
