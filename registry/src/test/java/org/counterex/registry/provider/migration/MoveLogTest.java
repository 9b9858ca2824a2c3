package org.counterex.registry.provider.migration;

import static org.junit.Assert.assertEquals;

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
        return moveLog.add(new OngoingMove("ns", "a", "b", "test").record(MoveDTO.MOVED, ""));
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
    public void since_returnsLaterMoves() {
        long before = move().id;
        MoveDTO later = move();
        assertEquals(List.of(later), moveLog.since(before));
        assertEquals(later.id, moveLog.last());
    }
}
