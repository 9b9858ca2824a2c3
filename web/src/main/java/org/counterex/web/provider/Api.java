package org.counterex.web.provider;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;

/** The JSON API: a table of what can be asked, and the answers. {@code openapi.json} describes it. Thread-safe. */
final class Api {

    /** In the place of a part of a path: any. */
    private static final String NAME = "{}";

    private static final int MOST_ITEMS = 1_000;
    private static final int MOST_CHARTS = 20;

    private final RegistryServices registry;
    private final AccessControl access;
    private final Sampler sampler;
    private final String version;
    /** What goes over all counters of a namespace. */
    private final ConcurrencyLimit scans = new ConcurrencyLimit(4);

    /** What may be long. */
    private final ConcurrencyLimit lists = new ConcurrencyLimit(16);

    private final List<Operation> operations = new ArrayList<>();

    @FunctionalInterface
    private interface Handler {
        void answer(HttpExchange exchange) throws IOException;
    }

    private record Operation(String method, List<String> path, Handler handler) {

        boolean isFor(List<String> parts) {
            if (parts.size() != path.size()) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                if (!path.get(i).equals(NAME) && !path.get(i).equals(parts.get(i))) {
                    return false;
                }
            }
            return true;
        }

        List<String> names(List<String> parts) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                if (path.get(i).equals(NAME)) {
                    names.add(parts.get(i));
                }
            }
            return names;
        }
    }

    Api(RegistryServices registry, AccessControl access, Sampler sampler, String version) {
        this.registry = registry;
        this.access = access;
        this.sampler = sampler;
        this.version = version;
        add("GET", "session", this::session);
        add("GET", "openapi.json", this::description);
        add("GET", "namespaces", this::namespaces);
        add("GET", "namespaces/{}", this::namespace);
        add("GET", "namespaces/{}/counters", this::counters);
        add("DELETE", "namespaces/{}/counters", this::clear);
        add("POST", "namespaces/{}/drain", this::drain);
        add("GET", "namespaces/{}/export", this::export);
        add("POST", "namespaces/{}/import", this::importAll);
        add("POST", "namespaces/{}/swap", this::swap);
        add("POST", "namespaces/{}/flush", this::flush);
        add("GET", "namespaces/{}/counters/{}", this::get);
        add("PUT", "namespaces/{}/counters/{}", this::set);
        add("DELETE", "namespaces/{}/counters/{}", this::delete);
        add("POST", "namespaces/{}/counters/{}/inc", this::inc);
        add("POST", "namespaces/{}/counters/{}/reset", this::reset);
        add("POST", "namespaces/{}/counters/{}/cas", this::cas);
        add("GET", "backends", this::backends);
        add("GET", "routes", this::routes);
        add("PUT", "routes", this::route);
        add("DELETE", "routes", this::unroute);
        add("GET", "moves", this::moves);
        add("GET", "events", this::events);
    }

    private void add(String method, String path, Handler handler) {
        operations.add(new Operation(method, List.of(path.split("/")), handler));
    }

    /**
     * Answers a request.
     *
     * @param parts of the path after {@code /api/}, decoded
     * @throws HttpError it is not carried out
     */
    void answer(List<String> parts, HttpExchange exchange) throws IOException {
        String method = exchange.request().getMethod();
        Set<String> allowed = new TreeSet<>();
        for (Operation operation : operations) {
            if (operation.isFor(parts)) {
                if (operation.method().equals(method.equals("HEAD") ? "GET" : method)) {
                    exchange.names(operation.names(parts));
                    operation.handler().answer(exchange);
                    return;
                }
                allowed.add(operation.method());
            }
        }
        if (allowed.isEmpty()) {
            throw HttpError.missing("there is no such path, see /api/openapi.json");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        exchange.response().setHeader("Allow", String.join(", ", allowed));
        throw new HttpError(
                405,
                "method is not for this path: method=" + CounterNames.printable(method) + " wanted="
                        + String.join(" or ", allowed));
    }

    private void session(HttpExchange exchange) throws IOException {
        boolean trusted = access.isTrusted(exchange.request());
        exchange.send(json -> json.object(o -> o.name("token")
                .flag(trusted)
                .name("version")
                .value(version)
                .name("reads")
                .value(access.openReads() ? WebSettings.OPEN : WebSettings.TOKEN)));
    }

    private void description(HttpExchange exchange) throws IOException {
        exchange.response().setContentType("application/json");
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            in.transferTo(exchange.response().getOutputStream());
        }
    }

    // namespaces

    private void namespaces(HttpExchange exchange) throws IOException {
        Search search = new Search(exchange.parameter("search", ""));
        int offset = (int) exchange.number("offset", 0, 0, Integer.MAX_VALUE);
        int limit = (int) exchange.number("limit", MOST_ITEMS, 0, MOST_ITEMS);
        NamespaceTotals totals = sampler.totals();
        List<NamespaceDTO> matching = registry.administration().namespaces().stream()
                .filter(namespace -> search.test(namespace.namespace))
                .toList();
        lists.run(() -> exchange.send(json -> json.object(o -> o.name("matched")
                .number(matching.size())
                .name("offset")
                .number(offset)
                .name("namespaces")
                .array(a -> matching.stream()
                        .skip(offset)
                        .limit(limit)
                        .forEach(namespace -> JsonMapper.namespace(namespace, totals.of(namespace.namespace))
                                .writeTo(a))))));
    }

    private void namespace(HttpExchange exchange) throws IOException {
        NamespaceTotals totals = sampler.totals();
        NamespaceDTO namespace = registry.administration().explain(exchange.namespace());
        exchange.send(JsonMapper.namespace(namespace, totals.of(namespace.namespace)));
    }

    private void counters(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        int offset = (int) exchange.number("offset", 0, 0, CounterPage.DEEPEST);
        CounterPage selection = new CounterPage(
                exchange.parameter("search", ""),
                exchange.word("sort", "key", "value").equals("value"),
                exchange.word("order", "asc", "desc").equals("asc"),
                offset,
                (int) exchange.number("limit", 50, 0, MOST_ITEMS));
        scans.run(() -> {
            registry.namespace(namespace).getAll().entrySet().forEach(selection::add);
            List<Map.Entry<String, Long>> page = selection.page();
            exchange.send(json -> json.object(o -> o.name("namespace")
                    .value(namespace)
                    .name("counters")
                    .number(selection.counters())
                    .name("matched")
                    .number(selection.matched())
                    .name("offset")
                    .number(offset)
                    .name("items")
                    .array(a -> page.forEach(item ->
                            JsonMapper.item(item.getKey(), item.getValue()).writeTo(a)))));
        });
    }

    private void clear(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        namespace.deleteAll();
        sendNamespace(exchange, namespace.name());
    }

    private void drain(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        scans.run(() -> {
            Map<String, Long> taken = namespace.drain();
            exchange.send(json -> json.object(o -> o.name("namespace")
                    .value(namespace.name())
                    .name("items")
                    .array(a -> taken.forEach(
                            (key, value) -> JsonMapper.item(key, value).writeTo(a)))));
        });
    }

    private void export(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        scans.run(() -> {
            Map<String, Long> counters = namespace.getAll();
            exchange.response().setContentType("application/json");
            exchange.response().setHeader("Content-Disposition", "attachment; filename=\"counters.json\"");
            try (Writer out = exchange.writer()) {
                CounterFile.write(namespace.name(), counters, out);
            }
        });
    }

    private void importAll(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        scans.run(() -> {
            AtomicInteger set = new AtomicInteger();
            try {
                CounterFile.read(exchange.reader(), (key, value) -> {
                    namespace.set(key, value);
                    set.incrementAndGet();
                });
            } catch (RuntimeException e) {
                HttpError refusal = HttpError.of(e);
                if (refusal == null) {
                    throw e;
                }
                throw new HttpError(refusal.status(), refusal.getMessage() + " set before=" + set);
            }
            exchange.send(json -> json.object(o ->
                    o.name("namespace").value(namespace.name()).name("imported").number(set.get())));
        });
    }

    private void swap(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        Map<String, String> body = exchange.body(Set.of("backend"));
        MoveDTO move = registry.administration().swap(namespace, required(body, "backend"));
        exchange.send(JsonMapper.move(move));
    }

    private void flush(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        registry.administration().flush(namespace);
        sendNamespace(exchange, namespace);
    }

    private static void sendNamespace(HttpExchange exchange, String namespace) throws IOException {
        exchange.send(json -> json.object(o -> o.name("namespace").value(namespace)));
    }

    // one counter

    private void get(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        String key = exchange.key();
        long value = registry.namespace(namespace)
                .get(key)
                .orElseThrow(() -> HttpError.missing("there is no such counter: namespace="
                        + CounterNames.printable(namespace) + " key=" + CounterNames.printable(key)));
        exchange.send(JsonMapper.counter(namespace, key, value));
    }

    private void set(HttpExchange exchange) throws IOException {
        Map<String, String> body = exchange.body(Set.of("value"));
        sendValue(exchange, counter -> counter.namespace.set(counter.key, value(body, "value", null)));
    }

    private void delete(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        String key = exchange.key();
        registry.namespace(namespace).delete(key);
        exchange.send(json -> json.object(
                o -> o.name("namespace").value(namespace).name("key").value(key)));
    }

    private void inc(HttpExchange exchange) throws IOException {
        Map<String, String> body = exchange.body(Set.of("step", "initial"));
        sendValue(
                exchange,
                counter -> counter.namespace.inc(counter.key, value(body, "step", "1"), value(body, "initial", "0")));
    }

    private void reset(HttpExchange exchange) throws IOException {
        Map<String, String> body = exchange.body(Set.of("value"));
        sendValue(exchange, counter -> counter.namespace.reset(counter.key, value(body, "value", "0")));
    }

    private void cas(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        String key = exchange.key();
        Map<String, String> body = exchange.body(Set.of("expected", "value"));
        CasResult result = registry.namespace(namespace)
                .compareAndSwap(key, value(body, "expected", null), value(body, "value", null));
        exchange.send(json -> json.object(
                o -> o.name("swapped").flag(result.swapped()).name("value").value(Long.toString(result.value()))));
    }

    private record Target(CounterNamespace namespace, String key) {}

    @FunctionalInterface
    private interface Change {
        long apply(Target counter);
    }

    private void sendValue(HttpExchange exchange, Change change) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        String key = exchange.key();
        long value = change.apply(new Target(namespace, key));
        exchange.send(JsonMapper.counter(namespace.name(), key, value));
    }

    private static String required(Map<String, String> body, String member) {
        String text = body.get(member);
        if (text == null) {
            throw HttpError.bad("body has no \"" + member + "\"");
        }
        return text;
    }

    /** @param absent null if it must be given */
    private static long value(Map<String, String> body, String member, String absent) {
        return JsonReader.value(member, absent == null ? required(body, member) : body.getOrDefault(member, absent));
    }

    // administration

    private void backends(HttpExchange exchange) throws IOException {
        List<BackendDTO> backends = registry.administration().backends();
        lists.run(() -> exchange.send(json -> json.object(o -> o.name("backends")
                .array(a ->
                        backends.forEach(backend -> JsonMapper.backend(backend).writeTo(a))))));
    }

    private void routes(HttpExchange exchange) throws IOException {
        List<RouteDTO> routes = registry.administration().routes();
        lists.run(() -> exchange.send(json -> json.object(o -> o.name("routes")
                .array(a -> routes.forEach(route -> JsonMapper.route(route).writeTo(a))))));
    }

    private void route(HttpExchange exchange) throws IOException {
        Map<String, String> body = exchange.body(Set.of("glob", "filter"));
        sendMoves(exchange, registry.administration().route(required(body, "glob"), required(body, "filter")));
    }

    private void unroute(HttpExchange exchange) throws IOException {
        String glob = exchange.parameter("glob", null);
        if (glob == null) {
            throw HttpError.bad("parameter is missing: parameter=glob");
        }
        sendMoves(exchange, registry.administration().unroute(glob));
    }

    private void moves(HttpExchange exchange) throws IOException {
        long after = exchange.number("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) exchange.number("limit", 100, 0, MOST_ITEMS);
        List<MoveDTO> newest = new ArrayList<>(registry.administration().moves(after, limit));
        Collections.reverse(newest);
        lists.run(() -> sendMoves(exchange, newest));
    }

    private static void sendMoves(HttpExchange exchange, List<MoveDTO> moves) throws IOException {
        exchange.send(json -> json.object(o -> o.name("moves")
                .array(a -> moves.forEach(move -> JsonMapper.move(move).writeTo(a)))));
    }

    // events

    private void events(HttpExchange exchange) throws IOException {
        List<String> given = exchange.parameters("chart");
        if (given.size() > MOST_CHARTS) {
            throw HttpError.bad("too many charts: charts=" + given.size() + " most=" + MOST_CHARTS);
        }
        List<Chart> charts = given.stream().map(Chart::of).distinct().toList();
        exchange.response().setContentType("text/event-stream");
        exchange.response().setCharacterEncoding("utf-8");
        if (exchange.request().getMethod().equals("HEAD")) {
            return;
        }
        sampler.admit();
        SseConnection stream;
        try {
            AsyncContext context = exchange.request().startAsync();
            context.setTimeout(0);
            stream = new SseConnection(context, exchange.response().getOutputStream(), charts, sampler::remove);
            context.addListener(stream);
            sampler.add(stream);
        } catch (IOException | RuntimeException e) {
            sampler.dismiss();
            throw e;
        }
        stream.begin();
    }
}
