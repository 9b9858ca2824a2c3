package org.counterex.webconsole.provider;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Read-only console page with the namespaces, backends and moves. The web console authenticates the user before it
 * calls the page.
 */
@Component(
        service = Servlet.class,
        property = {
            ServletConstants.PLUGIN_LABEL + "=" + CountersTab.LABEL,
            ServletConstants.PLUGIN_TITLE + "=Counters",
            ServletConstants.PLUGIN_CATEGORY + "=CounterEx"
        })
public final class CountersTab extends AbstractServlet {

    /** The path of the page in the console. */
    static final String LABEL = "counterex";

    private static final long serialVersionUID = 1;
    private static final int MOST_NAMESPACES = 1_000;
    private static final int MOST_MOVES = 100;

    private final transient BackendRegistry registry;

    @Activate
    public CountersTab(@Reference BackendRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void renderContent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        render(response.getWriter());
    }

    void render(PrintWriter out) {
        Html html = new Html(out);
        var namespaces = registry.namespaces();
        html.heading("Namespaces");
        if (namespaces.size() > MOST_NAMESPACES) {
            html.line("Shows the first " + MOST_NAMESPACES + " of " + namespaces.size() + " namespaces.");
        }
        html.table(
                List.of("Namespace", "Counters", "Backend", "Target backend", "Reason", "Moving"),
                namespaces.stream()
                        .limit(MOST_NAMESPACES)
                        .map(namespace -> List.of(
                                namespace.namespace,
                                Long.toString(namespace.counters),
                                namespace.backend,
                                namespace.targetBackend,
                                namespace.reason,
                                namespace.moving ? "yes" : "no"))
                        .toList());
        html.heading("Backends");
        html.table(
                List.of("Backend", "Namespaces", "Counters", "Capacity of each namespace", "Retention", "Bundle"),
                registry.backends().stream()
                        .map(backend -> List.of(
                                CounterNames.backendLabel(backend.type, backend.name),
                                Integer.toString(backend.namespaces.size()),
                                Long.toString(backend.namespaces.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()),
                                backend.capacity == null ? "unbounded" : backend.capacity.toString(),
                                backend.retention.text(),
                                backend.bundle))
                        .toList());
        html.heading("Moves, newest first");
        List<MoveDTO> last = new ArrayList<>(registry.moves(0, MOST_MOVES));
        Collections.reverse(last);
        html.table(
                List.of("Time", "Namespace", "From", "To", "Cause", "Counters", "Sum", "ms", "Outcome", "Reason"),
                last.stream()
                        .map(move -> List.of(
                                Instant.ofEpochMilli(move.time).toString(),
                                move.namespace,
                                move.from,
                                move.to,
                                move.cause,
                                Long.toString(move.counters),
                                move.sum,
                                String.format("%.3f", move.durationUs / 1e3),
                                move.outcome.text(),
                                move.reason))
                        .toList());
    }
}
