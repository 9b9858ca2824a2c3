package org.counterex.web.provider.live;

import java.util.function.Supplier;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.web.provider.http.HttpError;

/** Access to the services of the registry, which may come and go. Thread-safe. */
public final class RegistryServices {

    private final Supplier<Counters> counters;
    private final Supplier<BackendRegistry> admin;

    /**
     * @param counters supplies null while the service is absent
     * @param admin likewise
     */
    public RegistryServices(Supplier<Counters> counters, Supplier<BackendRegistry> admin) {
        this.counters = counters;
        this.admin = admin;
    }

    /** @throws HttpError the service is absent */
    public Counters counters() {
        return present(counters);
    }

    /** @throws HttpError the service is absent */
    public CounterNamespace namespace(String name) {
        return counters().namespace(name);
    }

    /** @throws HttpError the service is absent */
    public BackendRegistry admin() {
        return present(admin);
    }

    private static <T> T present(Supplier<T> service) {
        T present = service.get();
        if (present == null) {
            throw HttpError.unavailable("the registry is not running");
        }
        return present;
    }
}
