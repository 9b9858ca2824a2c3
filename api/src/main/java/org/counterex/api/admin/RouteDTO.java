package org.counterex.api.admin;

import java.util.List;
import org.osgi.dto.DTO;

/** A route from namespaces to backends. */
public class RouteDTO extends DTO {
    /** Globs of the namespaces. */
    public List<String> namespaces;

    /** Filter on service properties of backends. */
    public String target;

    /** Routes with a higher ranking apply first. */
    public int ranking;

    /** Whether an active backend matches at present. */
    public boolean active;

    /** The PID of its configuration. */
    public String pid;
}
