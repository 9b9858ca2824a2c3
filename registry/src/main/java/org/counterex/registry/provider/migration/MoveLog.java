package org.counterex.registry.provider.migration;

import java.util.ArrayList;
import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.support.log.ServiceLog;

/** Record of moves: keeps the last 10,000 and logs every one. Thread-safe. */
public final class MoveLog {

    private static final int KEPT = 10_000;

    private final ServiceLog log;
    private final AdminEventDispatcher events;

    /** A ring: ids are consecutive, and the move {@code id} is at {@code (id - 1) % KEPT}. */
    private final List<MoveDTO> moves = new ArrayList<>();

    private long last;

    public MoveLog(ServiceLog log, AdminEventDispatcher events) {
        this.log = log;
        this.events = events;
    }

    /** Assigns an id to a move, records, publishes and logs it; returns the move. */
    MoveDTO add(MoveDTO move) {
        synchronized (moves) {
            move.id = ++last;
            if (moves.size() < KEPT) {
                moves.add(move);
            } else {
                moves.set(index(move.id), move);
            }
            events.moved(move); // under the lock, so that listeners receive the moves in the order of the record
        }
        String line = "namespace " + CounterNames.printable(move.namespace) + " " + move.outcome + ": from=" + move.from
                + " to=" + move.to + " cause=" + move.cause + " counters=" + move.counters + " sum=" + move.sum
                + " durationUs=" + move.durationUs + (move.reason.isEmpty() ? "" : " reason=" + move.reason);
        if (move.outcome == MoveDTO.Outcome.MOVED || move.outcome == MoveDTO.Outcome.UNCHANGED) {
            log.info(line);
        } else {
            log.warn(line);
        }
        return move;
    }

    private static int index(long id) {
        return (int) ((id - 1) % KEPT);
    }

    /** Returns all moves of the record, oldest first. */
    public List<MoveDTO> moves() {
        return moves(0, KEPT);
    }

    /** Returns the newest of the moves recorded after a given one, oldest first; copies no others. */
    public List<MoveDTO> moves(long afterId, int limit) {
        synchronized (moves) {
            long before = Math.max(Math.max(0, afterId), last - Math.min(limit, moves.size()));
            List<MoveDTO> found = new ArrayList<>((int) Math.max(0, last - before));
            for (long id = before + 1; id <= last; id++) {
                found.add(moves.get(index(id)));
            }
            return found;
        }
    }

    /** Returns the moves recorded after a given one, oldest first. */
    List<MoveDTO> since(long id) {
        return moves(id, KEPT);
    }

    long last() {
        synchronized (moves) {
            return last;
        }
    }
}
