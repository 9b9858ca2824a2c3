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

/** I7: every move leaves a record, of which the last 10,000 are kept. */
public class MoveLogTest {

    private final MoveLog audit = new MoveLog(
            new ServiceLog("test", () -> null),
            new AdminEventDispatcher(new ServiceLog("test", () -> null), new DispatchThreads()));

    private MoveDTO move() {
        return audit.add(new OngoingMove("ns", "a", "b", "test").record(MoveDTO.Outcome.MOVED, ""));
    }

    @Test
    public void moves_areThoseOfTheEnd() {
        for (int i = 0; i < 10_001; i++) {
            move();
        }
        List<MoveDTO> moves = audit.moves();
        assertEquals(10_000, moves.size());
        assertEquals(2, moves.get(0).id);
        assertEquals(10_001, moves.get(9_999).id);
    }

    @Test
    public void movesAfter_areTheNewestOfThoseRecordedLater() {
        assertEquals(List.of(), audit.moves(0, 5));
        List<MoveDTO> all = new ArrayList<>();
        for (int i = 0; i < 25_003; i++) {
            all.add(move());
            if (i % 1_000 == 999 || i > 25_000) {
                for (long after :
                        new long[] {0, 1, i - 10_001, i - 10_000, i - 9_999, i - 3, i, i + 1, i + 2, i + 900}) {
                    for (int limit : new int[] {0, 1, 3, 9_999, 10_000, 10_001, Integer.MAX_VALUE}) {
                        long first = Math.max(Math.max(0, after), Math.max(0, all.size() - Math.min(limit, 10_000)));
                        List<MoveDTO> expected = all.subList((int) Math.min(first, all.size()), all.size());
                        assertEquals("after=" + after + " limit=" + limit, expected, audit.moves(after, limit));
                    }
                }
            }
        }
    }

    @Test
    public void since_tellsThoseThatCameLater() {
        long before = move().id;
        MoveDTO later = move();
        assertEquals(List.of(later), audit.since(before));
        assertEquals(later.id, audit.last());
    }
}
