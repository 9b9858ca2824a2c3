package org.counterex.bench.scale;

/**
 * What is measured and simulated: processes that count in one server, all on one machine.
 *
 * @param calibrates whether costs were worked out from it, so that it is no check
 * @param callers threads of each process; buffered, there is one
 * @param keys that they count on in each namespace; buffered, all in each interval
 */
record Point(boolean calibrates, boolean buffered, int processes, int callers, int namespaces, int buckets, int keys) {

    static Point exact(int processes, int callers, int namespaces, int buckets, int keys) {
        return new Point(false, false, processes, callers, namespaces, buckets, keys);
    }

    static Point buffered(int processes, int buckets, int keys) {
        return new Point(false, true, processes, 1, 1, buckets, keys);
    }

    Point forCalibration() {
        return new Point(true, buffered, processes, callers, namespaces, buckets, keys);
    }

    /** The same for the simulation. */
    Setup setup(int cores, boolean sendsBeforeReplying) {
        return Setup.of().with(setup -> {
            setup.shared = true;
            setup.cores = cores;
            setup.nodes = processes;
            setup.buffered = buffered;
            setup.callers = callers;
            setup.changed = buffered ? keys : 0;
            setup.namespaces = namespaces;
            setup.buckets = buckets;
            setup.keys = keys;
            setup.sendsBeforeReplying = sendsBeforeReplying;
        });
    }
}
