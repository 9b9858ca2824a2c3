package org.counterex.shell.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;

/** Registry that records routes, moves and flushes, and moves no counters. */
final class RecordingRegistry implements BackendRegistry {

    final Map<String, String> routes = new LinkedHashMap<>();
    final List<MoveDTO> moves = new ArrayList<>();
    final List<String> flushed = new ArrayList<>();

    /** Reported backend of every namespace. */
    String placement = "ets/ets";

    /** Whether a backend with a file is listed. */
    boolean withRetention;

    private final Counters counters;

    RecordingRegistry(Counters counters) {
        this.counters = counters;
    }

    @Override
    public List<BackendDTO> backends() {
        List<BackendDTO> backends =
                new ArrayList<>(List.of(backend("ets", "ets", 7, null), backend("atomics", "small", 8, 4L)));
        if (withRetention) {
            BackendDTO backend = backend("mvstore", "mvstore", 9, null);
            backend.retention = BackendDTO.Retention.LOCAL;
            backend.details = Map.of("file", "/data/counters.mv", "flushed", "never", "unflushed", "0");
            backends.add(backend);
        }
        return backends;
    }

    private BackendDTO backend(String type, String name, long id, Long capacity) {
        BackendDTO backend = new BackendDTO();
        backend.type = type;
        backend.name = name;
        backend.serviceId = id;
        backend.claims = capacity == null ? List.of() : List.of("small.*", "tiny");
        backend.bundle = "org.counterex.backend." + type + " 0.1.0";
        backend.retention = BackendDTO.Retention.NONE;
        backend.tables = true;
        backend.capacity = capacity;
        backend.details = capacity == null
                ? Map.of()
                : Map.of("signed", "true", "free.a.b", "2", "free.words", "3", "used.words", "25 %", "odd.b", "?");
        backend.namespaces = capacity == null ? Map.of() : Map.of("words", 1L, "a.b", 2L);
        return backend;
    }

    @Override
    public List<RouteDTO> routes() {
        return routes.entrySet().stream()
                .map(entry -> {
                    RouteDTO route = new RouteDTO();
                    route.namespaces = List.of(entry.getKey());
                    route.target = entry.getValue();
                    route.active = true;
                    return route;
                })
                .toList();
    }

    @Override
    public List<NamespaceDTO> namespaces() {
        return counters.namespaces().stream().map(this::explain).toList();
    }

    @Override
    public NamespaceDTO explain(String name) {
        NamespaceDTO namespace = new NamespaceDTO();
        namespace.namespace = CounterNames.check("namespace", name);
        namespace.counters = counters.namespace(name).getAll().size();
        namespace.backend = placement;
        namespace.targetBackend = "ets/ets";
        namespace.reason = "it is the default backend";
        return namespace;
    }

    @Override
    public MoveDTO swap(String namespace, String backend) {
        CounterNames.check("namespace", namespace);
        if (backend.equals("nonesuch")) {
            throw new IllegalArgumentException("no active backend matches: backend=nonesuch");
        }
        routes.put(BackendRegistry.quote(namespace), backend);
        MoveDTO move = new MoveDTO();
        move.id = moves.size() + 1;
        move.time = 1_700_000_000_123L;
        move.namespace = namespace;
        move.from = "ets/ets";
        move.to = backend;
        move.cause = "swap";
        move.counters = counters.namespace(namespace).getAll().size();
        move.sum = "9223372036854775808";
        move.durationUs = 1234;
        move.outcome = MoveDTO.Outcome.MOVED;
        move.reason = "";
        moves.add(move);
        return move;
    }

    @Override
    public List<MoveDTO> route(String glob, String filter) {
        routes.put(glob, filter);
        return List.of();
    }

    @Override
    public List<MoveDTO> unroute(String glob) {
        if (routes.remove(glob) == null) {
            throw new IllegalArgumentException("no such route: glob=" + glob);
        }
        return List.of();
    }

    @Override
    public void flush(String namespace) {
        flushed.add(CounterNames.check("namespace", namespace));
        if (namespace.equals("full")) {
            throw BackendUnavailableException.outcomeUnknown("counted, and not on disk yet (disk is full)", namespace);
        }
    }

    @Override
    public List<MoveDTO> moves(long afterId, int limit) {
        List<MoveDTO> later = moves.stream().filter(move -> move.id > afterId).toList();
        return later.subList(Math.max(0, later.size() - limit), later.size());
    }
}
