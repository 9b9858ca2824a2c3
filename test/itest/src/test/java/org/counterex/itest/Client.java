package org.counterex.itest;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Bundle that counts from start to stop, for tests that update the API and can therefore not refer to its types. It
 * continues with the ledger that it finds as the service of type {@link Map}, and registers services of type {@link
 * Supplier}, distinguished by the service property {@value #TASK}.
 */
public final class Client implements BundleActivator {

    /** Service property: the task of a {@link Supplier}, one of the following. */
    static final String TASK = "task";

    /** Waits until each writer has made a number of further calls. */
    static final String KEEP_COUNTING = "keepCounting";

    /** Stops the writers and returns the disagreements with the ledger as a list of strings. */
    static final String DISAGREEMENTS = "disagreements";

    /** Returns the namespaces and their backends as a list of strings. */
    static final String PLACEMENTS = "placements";

    /** In the map: whether each result must be exact. */
    static final String EXACT = "exact";

    /** In the map, with any value: the client makes additions only. */
    static final String ADDITIONS_ONLY = "additionsOnly";

    private ServiceTracker<Counters, Counters> tracker;
    private Writers writers;

    @Override
    public void start(BundleContext context) {
        tracker = new ServiceTracker<>(context, Counters.class, null);
        tracker.open();
        Map<String, Object> content = content(context);
        boolean first = !content.containsKey("sums");
        Ledger ledger = new Ledger(content);
        if (first) {
            Counters counters = tracker.getService();
            counters.namespaces().forEach(name -> counters.namespace(name).deleteAll());
            CounterNamespace quiet = counters.namespace("quiet");
            Calls.QUIET.forEach((key, value) -> ledger.sum("quiet", key)[0] = quiet.set(key, value));
        }
        writers = new Writers(tracker::getService, true, content.containsKey(ADDITIONS_ONLY), ledger);
        offer(context, KEEP_COUNTING, () -> {
            writers.keepCounting();
            return null;
        });
        offer(context, PLACEMENTS, () -> placements(context));
        offer(context, DISAGREEMENTS, () -> {
            writers.close();
            return ledger.disagreements(tracker.getService(), (Boolean) content.get(EXACT));
        });
    }

    @SuppressWarnings("unchecked") // the tests register no other map
    private static Map<String, Object> content(BundleContext context) {
        ServiceReference<?> reference = context.getServiceReference(Map.class.getName());
        return (Map<String, Object>) context.getService(reference);
    }

    private static void offer(BundleContext context, String name, Supplier<List<String>> task) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(TASK, name));
        context.registerService(Supplier.class.getName(), task, properties);
    }

    private static List<String> placements(BundleContext context) {
        ServiceReference<BackendRegistry> registry = context.getServiceReference(BackendRegistry.class);
        return registry == null
                ? List.of()
                : context.getService(registry).namespaces().stream()
                        .map(namespace -> namespace.namespace + " in " + namespace.backend)
                        .toList();
    }

    @Override
    public void stop(BundleContext context) {
        writers.close();
        tracker.close();
    }
}
