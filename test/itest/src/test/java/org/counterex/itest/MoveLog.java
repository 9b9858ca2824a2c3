package org.counterex.itest;

import java.util.List;
import java.util.function.Supplier;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;

/** The records of all registries, one after the other: counts and follows them. For one thread. */
final class MoveLog {

    private final Supplier<BackendRegistry> service;
    private final SoakRecord record;

    private BackendRegistry registry;
    private MoveChain chain;

    /** @param service gives the present service, null if there is none */
    MoveLog(Supplier<BackendRegistry> service, SoakRecord record) {
        this.service = service;
        this.record = record;
    }

    /** Takes up what was recorded since the last time. A registry that has stopped still tells what it has recorded. */
    void collect() {
        if (registry != null) {
            read();
        }
        BackendRegistry present = service.get();
        if (present != null && present != registry) {
            registry = present;
            chain = new MoveChain(0, Calls.QUIET, MoveLog::isExplained);
            read();
        }
    }

    private void read() {
        for (MoveDTO move : registry.moves()) {
            if (move.id > chain.id()) {
                chain.follow(move);
                count(move);
            }
        }
        chain.problems().forEach(record::problem);
        chain.problems().clear();
    }

    private void count(MoveDTO move) {
        String moves = "moves " + move.outcome;
        record.count(moves, 1);
        record.count(moves + ", cause " + move.cause.replaceFirst(" .*", ""), 1);
        if (move.outcome == MoveDTO.Outcome.MOVED) {
            record.count(moves + ", to " + move.to, 1);
        } else {
            record.count(moves + ", " + move.reason.replaceFirst("holds \\d+", "holds so many"), 1);
        }
    }

    /** What does not fit, and what was under way when the registry stopped. */
    private static boolean isExplained(MoveDTO move) {
        return switch (move.outcome) {
            case REFUSED -> move.namespace.equals("big") && move.reason.endsWith(" there are " + SoakWriter.MANY);
            case OVERTAKEN -> move.reason.equals("registry is stopping");
            default -> false;
        };
    }

    /** Whether a registry is there, every namespace is where it belongs, and that is where its last record says. */
    boolean isSettled() {
        collect();
        return service.get() == registry
                && AuditTrail.rests(registry)
                && chain.astray(registry).isEmpty();
    }

    /** The last records of a namespace. */
    List<MoveDTO> last(String namespace) {
        return chain.last(namespace);
    }

    @Override
    public String toString() {
        return registry.namespaces() + ", astray: " + chain.astray(registry);
    }
}
