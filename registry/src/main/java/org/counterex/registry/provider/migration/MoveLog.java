package org.counterex.registry.provider.migration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.support.log.ServiceLog;

/** The record of moves: the last 10,000, every one of them logged. */
public final class MoveLog {

    private static final int KEPT = 10_000;

    private final ServiceLog log;
    private final AdminEventDispatcher events;
    private final Deque<MoveDTO> moves = new ArrayDeque<>();
    private long last;

    public MoveLog(ServiceLog log, AdminEventDispatcher events) {
        this.log = log;
        this.events = events;
    }

    MoveDTO add(MoveDTO move) {
        synchronized (moves) {
            move.id = ++last;
            moves.add(move);
            if (moves.size() > KEPT) {
                moves.remove();
            }
            events.moved(move); // here, so that listeners are told in the order of the record
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

    public List<MoveDTO> moves() {
        synchronized (moves) {
            return new ArrayList<>(moves);
        }
    }

    /** The moves that were recorded after a certain one. */
    List<MoveDTO> since(long id) {
        return moves().stream().filter(move -> move.id > id).toList();
    }

    long last() {
        synchronized (moves) {
            return last;
        }
    }
}
