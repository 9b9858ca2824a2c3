package org.counterex.bench;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Where a thread is in a list that it goes through again and again; each begins elsewhere. */
@State(Scope.Thread)
public class Cursor {

    private int next = ThreadLocalRandom.current().nextInt(1 << 20);

    <T> T next(T[] list) {
        if (++next >= list.length) {
            next %= list.length;
        }
        return list[next];
    }
}
