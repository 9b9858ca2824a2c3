package org.counterex.api.admin;

import java.util.List;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.jspecify.annotations.Nullable;
import org.osgi.dto.DTO;

/** An active backend. */
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

    /** Symbolic name and version of its bundle. */
    public String bundle;

    /** What happens to the values when the backend leaves. */
    public Retention retention;

    /** Whether callers update its tables directly, without calling it. */
    public boolean tables;

    /** The number of counters in each namespace. */
    public Map<String, Long> namespaces;

    /** The number of counters that each namespace can hold; null for an unbounded one. */
    public @Nullable Long capacity;

    /** Further details reported by the backend, by name. */
    public Map<String, String> details;

    /**
     * What happens to the values of a backend when it leaves: the service property {@link CounterBackend#RETENTION}.
     */
    public enum Retention {
        /** The values are in the backend only and are moved out before it leaves. */
        NONE(CounterBackend.RETENTION_NONE),

        /** The backend retains its values for its return, for instance in a file. */
        LOCAL(CounterBackend.RETENTION_LOCAL),

        /** The values are stored elsewhere, for instance in a server, and shared with others. */
        SHARED(CounterBackend.RETENTION_SHARED);

        private final String text;

        Retention(String text) {
            this.text = text;
        }

        /**
         * Returns the value of the service property, {@code local} for instance; it appears wherever a retention is
         * shown.
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
