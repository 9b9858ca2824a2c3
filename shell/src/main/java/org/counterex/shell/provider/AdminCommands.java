package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;
import org.counterex.shell.provider.command.Command;
import org.counterex.shell.provider.format.BackendInfoText;
import org.counterex.shell.provider.format.FlushText;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands for administration, such as {@code counter:swap}: backends, routes and moves. */
@GogoCommand(
        scope = "counter",
        function = {"namespaces", "info", "backends", "routes", "route", "unroute", "swap", "flush", "moves", "explain"
        })
@Component(service = AdminCommands.class, immediate = true)
public final class AdminCommands {

    private static final String NAMESPACES = "namespaces";
    private static final String INFO = "info";
    private static final String BACKENDS = "backends";
    private static final String ROUTES = "routes";
    private static final String ROUTE = "route GLOB FILTER";
    private static final String UNROUTE = "unroute GLOB";
    private static final String SWAP = "swap NS BACKEND";
    private static final String FLUSH = "flush NS";
    private static final String MOVES = "moves";
    private static final String EXPLAIN = "explain NS";

    private final RegistryAccess access;

    @Activate
    public AdminCommands(@Reference RegistryAccess access) {
        this.access = access;
    }

    @Descriptor("list the namespaces that have counters, with their backends")
    public List<NamespaceDTO> namespaces(@Descriptor(NAMESPACES) String... words) {
        return Command.run(NAMESPACES, words, arguments -> access.registry().namespaces());
    }

    @Descriptor("show the properties and the contents of each active backend")
    public String info(@Descriptor(INFO) String... words) {
        return Command.run(
                INFO,
                words,
                arguments -> String.join(
                        "\n\n",
                        access.registry().backends().stream()
                                .map(BackendInfoText::of)
                                .toList()));
    }

    @Descriptor("list the active backends, the default first")
    public List<BackendDTO> backends(@Descriptor(BACKENDS) String... words) {
        return Command.run(BACKENDS, words, arguments -> access.registry().backends());
    }

    @Descriptor("list the routes from namespaces to backends, in order of precedence")
    public List<RouteDTO> routes(@Descriptor(ROUTES) String... words) {
        return Command.run(ROUTES, words, arguments -> access.registry().routes());
    }

    @Descriptor("route all matching namespaces to the backend that matches, now and after restarts; show the moves")
    public List<MoveDTO> route(
            @Descriptor(ROUTE + LINE
                            + "GLOB    matches whole names: * is any run of characters, ? any one, \\ quotes the next"
                            + LINE + "FILTER  on service properties of backends; may match none yet"
                            + LINE + "Replaces the route with the same glob. Quote both arguments:"
                            + LINE + "counter:route 'http.*' '(counterex.backend=atomics)'")
                    String... words) {
        return Command.run(
                ROUTE, words, arguments -> access.registry().route(arguments.text("GLOB"), arguments.text("FILTER")));
    }

    @Descriptor("remove a route or a swap; show the moves")
    public List<MoveDTO> unroute(
            @Descriptor(UNROUTE + LINE + "GLOB  the glob of a route, quoted: counter:unroute 'http.*'" + LINE
                            + "      or the namespace of a swap: counter:unroute http")
                    String... words) {
        return Command.run(UNROUTE, words, arguments -> access.registry().unroute(arguments.text("GLOB")));
    }

    @Descriptor("move a namespace to another backend, now and after restarts; no count is lost, callers keep counting")
    public MoveDTO swap(
            @Descriptor(SWAP + LINE + "BACKEND  a type, a name or a filter: counter:swap http atomics"
                            + LINE + "         counter:swap http '(&(counterex.backend=atomics)(counterex.name=big))'"
                            + LINE + "To revert: counter:unroute http")
                    String... words) {
        return Command.run(
                SWAP, words, arguments -> access.registry().swap(arguments.text("NS"), arguments.text("BACKEND")));
    }

    @Descriptor("write the counters of a namespace to durable storage and show where they are")
    public String flush(
            @Descriptor(FLUSH + LINE
                            + "Returns when everything counted before is on disk and survives a crash." + LINE
                            + "A backend with a file also writes periodically: counter:info.")
                    String... words) {
        return Command.run(FLUSH, words, arguments -> {
            BackendRegistry registry = access.registry();
            String namespace = arguments.text("NS");
            registry.flush(namespace);
            return FlushText.of(registry.explain(namespace), registry.backends());
        });
    }

    @Descriptor("list the last moves, oldest first")
    public List<MoveDTO> moves(@Descriptor(MOVES) String... words) {
        return Command.run(MOVES, words, arguments -> access.registry().moves());
    }

    @Descriptor("show the backend of a namespace, its target backend, and the reason")
    public NamespaceDTO explain(@Descriptor(EXPLAIN) String... words) {
        return Command.run(EXPLAIN, words, arguments -> access.registry().explain(arguments.text("NS")));
    }
}
