package org.counterex.itest;

import java.util.List;
import java.util.function.Supplier;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;

/** Reader of the move logs of successive registries. Counts the moves and checks their consistency. Not thread-safe. */
final class MoveLog {

    private final Supplier<BackendRegistry> service;
    private final SoakRecord record;

    private BackendRegistry registry;
    private MoveChain chain;

    /** @param service supplies the current service, or null */
    MoveLog(Supplier<BackendRegistry> service, SoakRecord record) {
        this.service = service;
        this.record = record;
    }

    /** Reads the moves recorded since the last call. A registry that has stopped still returns its log. */
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
            record.count(moves + ", " + move.reason.replaceFirst("capacity=\\d+", "capacity=<n>"), 1);
        }
    }

    /** Returns whether a move was expected to fail: it did not fit, or the registry stopped during the move. */
    private static boolean isExplained(MoveDTO move) {
        return switch (move.outcome) {
            case REFUSED -> move.namespace.equals("big") && move.reason.endsWith(" counters=" + SoakWriter.MANY);
            case OVERTAKEN -> move.reason.equals("registry is stopping");
            default -> false;
        };
    }

    /**
     * Returns whether a registry is present, and every namespace is on its target backend and where its last record
     * says.
     */
    boolean isSettled() {
        collect();
        return service.get() == registry
                && AuditTrail.isSettled(registry)
                && chain.misplaced(registry).isEmpty();
    }

    /** Returns the last moves of a namespace. */
    List<MoveDTO> last(String namespace) {
        return chain.last(namespace);
    }

    @Override
    public String toString() {
        return registry.namespaces() + ", misplaced: " + chain.misplaced(registry);
    }
}
