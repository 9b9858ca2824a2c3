package org.counterex.bench.scale;

/**
 * Configuration that is measured and simulated: processes that count in one server, all on one machine.
 *
 * @param calibrates whether costs are derived from it, so that it is not a check of the model
 * @param callers threads of each process; 1 if buffered
 * @param keys number of counters in each namespace; if buffered, all change in each interval
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

    /** Returns the setup of a simulation of this point. */
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
