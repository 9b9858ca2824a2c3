package org.counterex.api.admin;

import java.util.List;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.jspecify.annotations.Nullable;
import org.osgi.dto.DTO;

/** Description of an active backend. */
public class BackendDTO extends DTO {
    /** The type, for instance {@code ets}. */
    public String type;

    /** The name of the instance. */
    public String name;

    /** Globs of the namespaces that it claims. */
    public List<String> claims;

    /** Its service ranking. */
    public int ranking;

    /** Its service id. */
    public long serviceId;

    /** The symbolic name and version of its bundle. */
    public String bundle;

    /** What happens to its values when it leaves. */
    public Retention retention;

    /** Whether it has tables, on whose cells callers operate directly. */
    public boolean tables;

    /** The number of counters in each namespace. */
    public Map<String, Long> namespaces;

    /** The number of counters that each namespace can hold; null for an unbounded one. */
    public @Nullable Long capacity;

    /** What else it reports about itself, by name. */
    public Map<String, String> details;

    /** What happens to the values of a backend when it leaves: the service property {@link CounterBackend#RETENTION}. */
    public enum Retention {
        /** The values are held by the backend alone and are taken out before it leaves. */
        NONE(CounterBackend.RETENTION_NONE),

        /** The backend retains its values and has them again when it returns, as with a file. */
        LOCAL(CounterBackend.RETENTION_LOCAL),

        /** The values are held outside, where others use them too, as in a server. */
        SHARED(CounterBackend.RETENTION_SHARED);

        private final String text;

        Retention(String text) {
            this.text = text;
        }

        /**
         * Returns the value of the service property, {@code local} for instance; it appears wherever a retention is shown.
         */
        public String text() {
            return text;
        }

        /** Returns {@link #text}. */
        @Override
        public String toString() {
            return text;
        }
    }
}
