package org.counterex.api.admin;

import java.util.List;
import java.util.Map;
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

    /** {@code none}, {@code local} or {@code shared}. */
    public String retention;

    /** Whether callers count on its tables directly, without a gate. */
    public boolean tables;

    /** The number of counters in each namespace. */
    public Map<String, Long> namespaces;

    /** The counters that each namespace can hold; null if there is no bound. */
    public Long capacity;

    /** Whatever else it tells of itself. */
    public Map<String, String> details;
}
