package org.counterex.bench.scale;

import java.util.Locale;
import org.counterex.bench.Markdown;

/** Sections of the report on memory, connections and heartbeats of the servers. */
final class ResourceTables {

    private static final int MAX_CLIENTS = 10_000;

    private final Measurements measured;
    private final Costs costs;
    private final Markdown text;

    ResourceTables(Measurements measured, Costs costs, Markdown text) {
        this.measured = measured;
        this.costs = costs;
        this.text = text;
    }

    /** Appends both sections. */
    void write() {
        memory();
        connections();
    }

    private void memory() {
        text.line("%n### Memory of the servers%n");
        text.line(
                "A counter with a name of about 14 letters takes %.0f bytes; a session %.0f after a last batch of 1"
                        + " operation, %,.0f after one of 500.%n",
                measured.memory.counterBytes(), measured.memory.sessionBytes(1), measured.memory.sessionBytes(500));
        text.line("| counters | memory |");
        text.line("| ---: | ---: |");
        for (int counters = 1_000; counters <= 10_000_000; counters *= 10) {
            text.line("| %,d | %s |", counters, bytes(counters * measured.memory.counterBytes()));
        }
        text.line("%nSessions, with last batches of 10 operations and without a restart of a runtime within"
                + " `sessionTtlMs`:%n");
        text.line("| nodes | 1 namespace, 1 bucket | 1 namespace, 64 buckets | 100 namespaces, 1 bucket | 100"
                + " namespaces, 64 buckets | 100,000 namespaces, 1 bucket |");
        text.line("| ---: | ---: | ---: | ---: | ---: | ---: |");
        for (int nodes : Predictions.NODES) {
            double each = nodes * measured.memory.sessionBytes(10);
            text.line(
                    "| %,d | %s | %s | %s | %s | %s |",
                    nodes,
                    bytes(each),
                    bytes(64 * each),
                    bytes(100 * each),
                    bytes(6_400 * each),
                    bytes(100_000 * each));
        }
    }

    private void connections() {
        text.line("%n### Connections and heartbeats%n");
        text.line(
                "Connections of each shard, at most; Redis accepts %,d (`maxclients`). An idle one takes %.0f kB."
                        + " Each node sends a heartbeat to one shard once per second.%n",
                MAX_CLIENTS, measured.memory.connection() / 1e3);
        text.line("| nodes | `poolSize = 1` | 4 | 8 | memory of 4 | utilization of that shard by heartbeats |");
        text.line("| ---: | ---: | ---: | ---: | ---: | ---: |");
        for (int nodes : Predictions.NODES) {
            text.line(
                    "| %,d | %s | %s | %s | %s | %.1f %% |",
                    nodes,
                    connections(nodes),
                    connections(4 * nodes),
                    connections(8 * nodes),
                    bytes(4 * nodes * measured.memory.connection()),
                    100 * nodes / costs.serverCapacity(1));
        }
    }

    private static String connections(int count) {
        return String.format(Locale.ROOT, count > MAX_CLIENTS ? "**%,d**" : "%,d", count);
    }

    private static String bytes(double bytes) {
        if (bytes < 1e6) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
