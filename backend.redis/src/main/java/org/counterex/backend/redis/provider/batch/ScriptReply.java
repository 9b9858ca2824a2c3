package org.counterex.backend.redis.provider.batch;

import java.util.List;
import java.util.OptionalLong;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterException;
import org.counterex.api.CounterOverflowException;

/**
 * Reply of the script to a batch, and the meaning of the results in it.
 *
 * @param previous number of the batch that was applied before this one, or of this one if it had been applied already
 * @param results one for each operation
 */
public record ScriptReply(long previous, List<String> results) {

    private static final String REJECTED = "!";
    private static final String OVERFLOW = "!overflow ";
    private static final String SWAPPED = "=";
    private static final long LOWEST = -Long.MAX_VALUE;

    /** Returns whether the operation was applied. */
    public static boolean isApplied(String result) {
        return !result.startsWith(REJECTED);
    }

    /** Returns whether the result is the value of a counter. */
    static boolean isValue(String result) {
        return isApplied(result) && !result.isEmpty() && !result.startsWith(SWAPPED);
    }

    /** Returns the value of a counter; empty if it is absent. */
    public static OptionalLong value(String result) {
        return result.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(result));
    }

    public static CasResult casResult(String result) {
        boolean swapped = result.startsWith(SWAPPED);
        return new CasResult(swapped, Long.parseLong(swapped ? result.substring(1) : result));
    }

    /** Returns the exception for the caller of an operation that was not applied. */
    public static CounterException rejection(String namespace, Operation operation, String result) {
        if (result.startsWith(OVERFLOW)) {
            String step = operation.first.startsWith("-") ? operation.first : "+" + operation.first;
            return new CounterOverflowException(
                    namespace, operation.key, result.substring(OVERFLOW.length()) + step, LOWEST);
        }
        return BackendUnavailableException.notApplied(
                "server rejected the operation (" + result.substring(1) + ")", namespace);
    }
}
