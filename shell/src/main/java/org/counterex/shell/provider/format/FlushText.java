package org.counterex.shell.provider.format;

import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.NamespaceDTO;

/** Sentence that says where the counters of a namespace are after a flush. */
public final class FlushText {

    private FlushText() {}

    public static String of(NamespaceDTO namespace, List<BackendDTO> backends) {
        String counters = Counts.phrase(namespace.counters);
        String where = backends.stream()
                .filter(backend -> namespace.backend.equals(CounterNames.backendLabel(backend.type, backend.name)))
                .filter(backend -> backend.retention != BackendDTO.Retention.NONE)
                .findFirst()
                .map(backend -> counters + " flushed to " + namespace.backend + file(backend))
                .orElse("nothing to flush, " + counters + " in memory on " + namespace.backend);
        return CounterNames.escape(namespace.namespace + ": " + where);
    }

    private static String file(BackendDTO backend) {
        String file = backend.details.get("file");
        return file == null ? "" : " in " + file;
    }
}
