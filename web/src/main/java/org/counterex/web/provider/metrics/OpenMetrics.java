package org.counterex.web.provider.metrics;

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
import org.counterex.web.provider.metrics.OpenMetricsText.Type;

/**
 * Writer of one scrape: every counter, and the state of namespaces, backends and moves. Counters are streamed, not
 * collected.
 *
 * <p>The value of a counter is a <em>gauge</em>: it may be set, reset, deleted or decremented and may be negative,
 * which OpenMetrics forbids for its counters; readers would take every decrease for a restart from zero and compute
 * increases that never happened. ({@code rate()} works as well on a gauge that only grows.)
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

    /** @param limit maximum number of samples with a namespace, in each metric family */
    OpenMetrics(OpenMetricsFormat format, Writer out, MetricsFilter filter, long limit) {
        text = new OpenMetricsText(format, out);
        this.filter = filter;
        this.limit = limit;
    }

    /** Ends the iteration over counters when the limit is reached. */
    private static final class LimitReachedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        LimitReachedException() {
            super("limit reached", null, false, false);
        }
    }

    /** Writes the scrape. */
    void write(Counters counters, BackendRegistry registry, MetricsMoves moves, String version) {
        text.family("counterex", Type.INFO, "The version of CounterEx.");
        text.sample("counterex_info", 1, "version", version);
        values(counters);
        namespaces(registry.namespaces());
        backends(registry.backends());
        moves(moves.update(registry));
        text.family("counterex_scrape_truncated", Type.GAUGE, "1 if the limit has cut this scrape, else 0.");
        text.sample("counterex_scrape_truncated", truncated ? 1 : 0);
        text.family(
                "counterex_scrape_failed_namespaces",
                Type.GAUGE,
                "Namespaces whose counters are missing from this scrape because their backend did not respond.");
        text.sample("counterex_scrape_failed_namespaces", failed);
        text.end();
    }

    private void values(Counters counters) {
        text.family("counterex_value", Type.GAUGE, "The value of a counter.");
        long[] written = {0};
        for (String namespace : counters.namespaces()) {
            if (!filter.acceptsSomeOf(namespace)) {
                continue;
            }
            Predicate<String> keys = filter.keysOf(namespace);
            try {
                counters.namespace(namespace).forEach((key, value) -> {
                    if (keys.test(key)) {
                        if (written[0] == limit) {
                            throw new LimitReachedException();
                        }
                        written[0]++;
                        text.sample("counterex_value", value, NAMESPACE, namespace, "key", key);
                    }
                });
            } catch (CounterException e) {
                failed++;
            } catch (LimitReachedException e) {
                truncated = true;
                return;
            }
        }
    }

    private void namespaces(List<NamespaceDTO> namespaces) {
        text.family(
                "counterex_namespace_counters",
                Type.GAUGE,
                "Number of counters in a namespace, by the backend that stores it.");
        long written = 0;
        for (NamespaceDTO namespace : namespaces) {
            if (!filter.acceptsSomeOf(namespace.namespace)) {
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
                "An active backend; retention says who retains its values: none, local (its own file)"
                        + " or shared (a server).");
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
        text.family("counterex_backend_counters", Type.GAUGE, "Number of counters of a namespace in a backend.");
        long written = 0;
        for (BackendDTO backend : backends) {
            for (Map.Entry<String, Long> namespace : backend.namespaces.entrySet()) {
                if (!filter.acceptsSomeOf(namespace.getKey())) {
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
                "Maximum number of counters of each namespace in a backend; absent if unbounded.");
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
        text.family("counterex_moved_counters", Type.COUNTER, "Counters transferred by moves.");
        text.sample("counterex_moved_counters_total", sums.counters().toString());
        text.family("counterex_move_duration_seconds", Type.SUMMARY, "seconds", "Duration of moves.");
        text.sample("counterex_move_duration_seconds_count", sums.timed());
        text.sample("counterex_move_duration_seconds_sum", new BigDecimal(sums.durationUs(), 6).toPlainString());
    }
}
