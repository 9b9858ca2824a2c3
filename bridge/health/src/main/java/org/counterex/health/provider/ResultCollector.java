package org.counterex.health.provider;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;

/** What a check has found, in lines that an operator understands; of many it tells the first. Used by one thread. */
final class ResultCollector {

    private static final int SHOWN = 20;

    private final List<ResultLog.Entry> entries = new ArrayList<>();
    private int found;
    private Result.Status worst = Result.Status.OK;

    void add(Result.Status status, String line) {
        if (status.ordinal() > worst.ordinal()) {
            worst = status;
        }
        if (found++ < SHOWN) {
            entries.add(new ResultLog.Entry(status, line));
        }
    }

    /** @param allWell what to tell if nothing was found */
    Result result(String allWell) {
        ResultLog log = new ResultLog();
        entries.forEach(log::add);
        if (found == 0) {
            log.add(new ResultLog.Entry(Result.Status.OK, allWell));
        } else if (found > SHOWN) {
            log.add(new ResultLog.Entry(worst, "and more of these: " + (found - SHOWN)));
        }
        return new Result(log);
    }
}
