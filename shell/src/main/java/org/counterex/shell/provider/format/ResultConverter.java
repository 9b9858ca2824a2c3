package org.counterex.shell.provider.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.apache.felix.service.command.Converter;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;
import org.counterex.shell.provider.measure.Throughput;
import org.osgi.service.component.annotations.Component;

/**
 * Converter from command results to text. Commands return data, which scripts use unchanged; the shell calls this
 * converter to print or to pipe them.
 *
 * <p>A list becomes a table with a heading. Counters become one line each, without a heading: the key, then the value.
 * The last word of a line is the value whatever the key contains.
 */
@Component(service = Converter.class)
public final class ResultConverter implements Converter {

    private static final List<Layout<?>> LAYOUTS = List.of(
            new Layout<>(
                    NamespaceDTO.class,
                    n -> row(
                            n.namespace,
                            n.counters,
                            n.backend,
                            n.backend.equals(n.targetBackend) ? "" : n.targetBackend),
                    "NAMESPACE",
                    "COUNTERS",
                    "BACKEND",
                    "TARGET"),
            new Layout<>(
                    BackendDTO.class,
                    b -> row(
                            b.type,
                            b.name,
                            b.ranking,
                            b.retention,
                            String.join(",", b.claims),
                            b.namespaces.size(),
                            BackendInfoText.counters(b),
                            b.capacity,
                            b.bundle),
                    "TYPE",
                    "NAME",
                    "RANKING",
                    "RETENTION",
                    "CLAIMS",
                    "NAMESPACES",
                    "COUNTERS",
                    "CAPACITY",
                    "BUNDLE"),
            new Layout<>(
                    RouteDTO.class,
                    r -> row(String.join(",", r.namespaces), r.target, r.ranking, r.active ? "yes" : "no"),
                    "NAMESPACES",
                    "TARGET",
                    "RANKING",
                    "ACTIVE"),
            new Layout<>(
                    MoveDTO.class,
                    m -> row(
                            m.id,
                            Instant.ofEpochMilli(m.time),
                            m.namespace,
                            m.from,
                            m.to,
                            m.cause,
                            m.counters,
                            new BigInteger(m.sum),
                            milliseconds(m),
                            m.outcome,
                            m.reason),
                    "ID",
                    "TIME",
                    "NAMESPACE",
                    "FROM",
                    "TO",
                    "CAUSE",
                    "COUNTERS",
                    "SUM",
                    "MS",
                    "OUTCOME",
                    ""),
            new Layout<>(
                    Throughput.class,
                    s -> row(s.backend(), s.threads(), s.incByName(), s.incByHandle(), s.add()),
                    "BACKEND",
                    "THREADS",
                    "INC/S BY NAME",
                    "INC/S BY HANDLE",
                    "ADD/S"));

    /** Returns null: text is never converted back. */
    @Override
    public Object convert(Class<?> type, Object value) {
        return null;
    }

    /** @return null if the result is not of one of the types of this bundle */
    @Override
    public CharSequence format(Object result, int level, Converter next) {
        if (result instanceof MoveDTO move) {
            return sentence(move);
        }
        if (result instanceof NamespaceDTO namespace && level == INSPECT) {
            return paragraph(namespace);
        }
        if (result instanceof Counts counts && level == INSPECT) {
            TextTable table = new TextTable();
            counts.forEach(table::row);
            return table.toString();
        }
        if (result instanceof List<?> rows && level == INSPECT) {
            return LAYOUTS.stream()
                    .filter(layout -> layout.fits(rows))
                    .findFirst()
                    .map(layout -> layout.text(rows))
                    .orElse(null);
        }
        return null;
    }

    private static String sentence(MoveDTO move) {
        String where = move.outcome == MoveDTO.Outcome.UNCHANGED
                ? " on " + move.to
                : " from " + move.from + " to " + move.to + ", " + Counts.phrase(move.counters) + ", sum " + move.sum
                        + ", " + milliseconds(move) + " ms";
        return CounterNames.escape(
                move.namespace + ": " + move.outcome + where + (move.reason.isEmpty() ? "" : ", " + move.reason));
    }

    private static String paragraph(NamespaceDTO namespace) {
        return new TextTable()
                .row("namespace", namespace.namespace)
                .row("counters", Long.toString(namespace.counters))
                .row("backend", namespace.backend + (namespace.moving ? ", moving" : ""))
                .row("target", namespace.targetBackend)
                .row("reason", namespace.reason)
                .toString();
    }

    private static BigDecimal milliseconds(MoveDTO move) {
        return BigDecimal.valueOf(move.durationUs, 3);
    }

    private static Object[] row(Object... cells) {
        return cells;
    }

    /** Table layout for lists of one type. */
    private record Layout<T>(Class<T> type, Function<T, Object[]> cells, Object... heading) {

        boolean fits(List<?> rows) {
            return !rows.isEmpty() && rows.stream().allMatch(type::isInstance);
        }

        String text(List<?> rows) {
            TextTable table = new TextTable().row(heading);
            rows.forEach(row -> table.row(cells.apply(type.cast(row))));
            return table.toString();
        }
    }
}
