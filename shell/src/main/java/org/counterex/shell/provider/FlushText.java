package org.counterex.shell.provider;

import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.NamespaceDTO;

/** Where the counters of a namespace are after a flush, as a sentence for people. */
final class FlushText {

    private FlushText() {}

    static String of(NamespaceDTO namespace, List<BackendDTO> backends) {
        String counters = Counts.phrase(namespace.counters);
        String where = backends.stream()
                .filter(backend -> namespace.backend.equals(CounterNames.backendLabel(backend.type, backend.name)))
                .filter(backend -> backend.retention != BackendDTO.Retention.NONE)
                .findFirst()
                .map(backend -> counters + " flushed, kept by " + namespace.backend + file(backend))
                .orElse("nothing to flush, " + counters + " in memory, " + namespace.backend);
        return Names.safe(namespace.namespace + ": " + where);
    }

    private static String file(BackendDTO backend) {
        String file = backend.details.get("file");
        return file == null ? "" : " in " + file;
    }
}
