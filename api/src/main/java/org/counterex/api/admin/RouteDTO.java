package org.counterex.api.admin;

import java.util.List;
import org.osgi.dto.DTO;

/** Description of a route from namespaces to backends. */
public class RouteDTO extends DTO {
    /** Globs of the namespaces. */
    public List<String> namespaces;

    /** The filter on service properties of backends. */
    public String target;

    /** The ranking: routes with a higher one are evaluated first. */
    public int ranking;

    /** Whether an active backend matches at present. */
    public boolean active;

    /** The PID of its configuration. */
    public String pid;
}
