package org.counterex.web.provider;

import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.web.provider.OpenMetricsText.Type;

/**
 * One scrape: every counter, and what is known of namespaces, backends and moves. Of the counters nothing is built in memory.
 *
 * <p>A counter of ours is a <em>gauge</em> there: it may be set, reset, deleted or counted down and may be negative, all of which a
 * counter must not in OpenMetrics; and a reader takes each fall of a counter for a restart from zero, and would add up what
 * nobody has counted. ({@code rate()} can be asked of a gauge that only grows just as well.)
 *
 * <p>Used by one thread.
 */
final class OpenMetrics {

    private static final String NAMESPACE = "namespace";
    private static final String BACKEND = "backend";

    private final OpenMetricsText text;
    private final MetricsFilter filter;
    private final long limit;
    private boolean truncated;
    private long failed;

    /** @param limit samples with the name of a namespace that each family may have */
    OpenMetrics(OpenMetricsFormat format, Writer out, MetricsFilter filter, long limit) {
        text = new OpenMetricsText(format, out);
        this.filter = filter;
        this.limit = limit;
    }

    /** Ends a walk over counters of which no more are wanted. */
    private static final class EnoughException extends RuntimeException {

        private static final long serialVersionUID = 1;

        EnoughException() {
            super("enough", null, false, false);
        }
    }

    /** Writes all of it. */
    void write(Counters counters, BackendRegistry registry, MetricsMoves moves, String version) {
        text.family("counterex", Type.INFO, "The version of CounterEx.");
        text.sample("counterex_info", 1, "version", version);
        values(counters);
        namespaces(registry.namespaces());
        backends(registry.backends());
        moves(moves.upTo(registry));
        text.family(
                "counterex_scrape_truncated", Type.GAUGE, "Whether the limit has kept something out of this scrape.");
        text.sample("counterex_scrape_truncated", truncated ? 1 : 0);
        text.family(
                "counterex_scrape_failed_namespaces",
                Type.GAUGE,
                "Namespaces of which counters are missing in this scrape, as their backend did not answer.");
        text.sample("counterex_scrape_failed_namespaces", failed);
        text.end();
    }

    private void values(Counters counters) {
        text.family("counterex_value", Type.GAUGE, "The value of a counter.");
        long[] written = {0};
        for (String namespace : counters.namespaces()) {
            if (!filter.wants(namespace)) {
                continue;
            }
            Predicate<String> wanted = filter.keysOf(namespace);
            try {
                counters.namespace(namespace).forEach((key, value) -> {
                    if (wanted.test(key)) {
                        if (written[0] == limit) {
                            throw new EnoughException();
                        }
                        written[0]++;
                        text.sample("counterex_value", value, NAMESPACE, namespace, "key", key);
                    }
                });
            } catch (CounterException e) {
                failed++;
            } catch (EnoughException e) {
                truncated = true;
                return;
            }
        }
    }

    private void namespaces(List<NamespaceDTO> namespaces) {
        text.family("counterex_namespace_counters", Type.GAUGE, "Counters in a namespace, and where it lives.");
        long written = 0;
        for (NamespaceDTO namespace : namespaces) {
            if (!filter.wants(namespace.namespace)) {
                continue;
            }
            if (written++ == limit) {
                truncated = true;
                return;
            }
            text.sample(
                    "counterex_namespace_counters",
                    namespace.counters,
                    NAMESPACE,
                    namespace.namespace,
                    BACKEND,
                    namespace.backend);
        }
    }

    private void backends(List<BackendDTO> backends) {
        text.family(
                "counterex_backend",
                Type.INFO,
                "An active backend; its values are kept by nobody (no), by itself (own)"
                        + " or by a server for all (shared).");
        for (BackendDTO backend : backends) {
            text.sample(
                    "counterex_backend_info",
                    1,
                    BACKEND,
                    label(backend),
                    "bundle",
                    backend.bundle,
                    "retention",
                    backend.retention.text());
        }
        text.family("counterex_backend_counters", Type.GAUGE, "Counters of a namespace in a backend.");
        long written = 0;
        for (BackendDTO backend : backends) {
            for (Map.Entry<String, Long> namespace : backend.namespaces.entrySet()) {
                if (!filter.wants(namespace.getKey())) {
                    continue;
                }
                if (written++ == limit) {
                    truncated = true;
                    break;
                }
                text.sample(
                        "counterex_backend_counters",
                        namespace.getValue(),
                        BACKEND,
                        label(backend),
                        NAMESPACE,
                        namespace.getKey());
            }
        }
        text.family(
                "counterex_backend_capacity",
                Type.GAUGE,
                "Counters that each namespace can hold in a backend; absent where there is no bound.");
        for (BackendDTO backend : backends) {
            if (backend.capacity != null) {
                text.sample("counterex_backend_capacity", backend.capacity, BACKEND, label(backend));
            }
        }
    }

    private static String label(BackendDTO backend) {
        return CounterNames.backendLabel(backend.type, backend.name);
    }

    private void moves(MetricsMoves.Sums sums) {
        text.family("counterex_moves", Type.COUNTER, "Moves of namespaces between backends, by outcome.");
        sums.outcomes().forEach((outcome, moves) -> text.sample("counterex_moves_total", moves, "outcome", outcome));
        text.family("counterex_moved_counters", Type.COUNTER, "Counters that moves have handed over.");
        text.sample("counterex_moved_counters_total", sums.counters().toString());
        text.family("counterex_move_duration_seconds", Type.SUMMARY, "seconds", "How long moves have taken.");
        text.sample("counterex_move_duration_seconds_count", sums.timed());
        text.sample("counterex_move_duration_seconds_sum", new BigDecimal(sums.durationUs(), 6).toPlainString());
    }
}
