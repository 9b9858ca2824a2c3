package org.counterex.web.provider;

import java.util.function.Supplier;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;

/** The registry's services, which may come and go. */
final class RegistryServices {

    private final Supplier<Counters> counters;
    private final Supplier<BackendRegistry> administration;

    /** @param counters and the other, null as long as there is none */
    RegistryServices(Supplier<Counters> counters, Supplier<BackendRegistry> administration) {
        this.counters = counters;
        this.administration = administration;
    }

    /** @throws HttpError there is none at present */
    Counters counters() {
        return present(counters);
    }

    /** @throws HttpError there is none at present */
    CounterNamespace namespace(String name) {
        return counters().namespace(name);
    }

    /** @throws HttpError there is none at present */
    BackendRegistry administration() {
        return present(administration);
    }

    private static <T> T present(Supplier<T> service) {
        T present = service.get();
        if (present == null) {
            throw HttpError.busy("the registry is not running");
        }
        return present;
    }
}
