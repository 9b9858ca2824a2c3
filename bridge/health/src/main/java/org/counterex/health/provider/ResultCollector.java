package org.counterex.health.provider;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;

/**
 * Problems found by one execution of a check, as lines for an operator. Keeps the first {@value #SHOWN}. Not
 * thread-safe.
 */
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

    /**
     * Returns the result of the check.
     *
     * @param okMessage the message if no problem was found
     */
    Result result(String okMessage) {
        ResultLog log = new ResultLog();
        entries.forEach(log::add);
        if (found == 0) {
            log.add(new ResultLog.Entry(Result.Status.OK, okMessage));
        } else if (found > SHOWN) {
            log.add(new ResultLog.Entry(worst, "more problems: count=" + (found - SHOWN)));
        }
        return new Result(log);
    }
}
