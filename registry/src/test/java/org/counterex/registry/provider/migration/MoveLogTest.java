package org.counterex.registry.provider.migration;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.DispatchThreads;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.support.log.ServiceLog;
import org.junit.Test;

/** I7: every move is recorded, and the last 10,000 records are kept. */
public class MoveLogTest {

    private final MoveLog moveLog = new MoveLog(
            new ServiceLog("test", () -> null),
            new AdminEventDispatcher(new ServiceLog("test", () -> null), new DispatchThreads()));

    private MoveDTO move() {
        return moveLog.add(new OngoingMove("ns", "a", "b", "test").record(MoveDTO.Outcome.MOVED, ""));
    }

    @Test
    public void moves_beyondLimit_dropTheOldest() {
        for (int i = 0; i < 10_001; i++) {
            move();
        }
        List<MoveDTO> moves = moveLog.moves();
        assertEquals(10_000, moves.size());
        assertEquals(2, moves.get(0).id);
        assertEquals(10_001, moves.get(9_999).id);
    }

    @Test
    public void movesAfter_givenId_areTheNewestLater() {
        assertEquals(List.of(), moveLog.moves(0, 5));
        List<MoveDTO> all = new ArrayList<>();
        for (int i = 0; i < 25_003; i++) {
            all.add(move());
            if (i % 1_000 == 999 || i > 25_000) {
                for (long after :
                        new long[] {0, 1, i - 10_001, i - 10_000, i - 9_999, i - 3, i, i + 1, i + 2, i + 900}) {
                    for (int limit : new int[] {0, 1, 3, 9_999, 10_000, 10_001, Integer.MAX_VALUE}) {
                        long first = Math.max(Math.max(0, after), Math.max(0, all.size() - Math.min(limit, 10_000)));
                        List<MoveDTO> expected = all.subList((int) Math.min(first, all.size()), all.size());
                        assertEquals("after=" + after + " limit=" + limit, expected, moveLog.moves(after, limit));
                    }
                }
            }
        }
    }

    @Test
    public void since_returnsLaterMoves() {
        long before = move().id;
        MoveDTO later = move();
        assertEquals(List.of(later), moveLog.since(before));
        assertEquals(later.id, moveLog.last());
    }
}
