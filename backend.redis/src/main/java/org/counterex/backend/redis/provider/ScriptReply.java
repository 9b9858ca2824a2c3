package org.counterex.backend.redis.provider;

import java.util.OptionalLong;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterException;
import org.counterex.api.CounterOverflowException;

/** What the script answers for one operation. */
final class ScriptReply {

    private static final String REFUSED = "!";
    private static final String OVERFLOW = "!overflow ";
    private static final String SWAPPED = "=";
    private static final long LOWEST = -Long.MAX_VALUE;

    private ScriptReply() {}

    /** Whether it was done. */
    static boolean isDone(String answer) {
        return !answer.startsWith(REFUSED);
    }

    /** Whether it is the value of a counter. */
    static boolean isValue(String answer) {
        return isDone(answer) && !answer.isEmpty() && !answer.startsWith(SWAPPED);
    }

    static OptionalLong value(String answer) {
        return answer.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(answer));
    }

    static CasResult swapped(String answer) {
        boolean swapped = answer.startsWith(SWAPPED);
        return new CasResult(swapped, Long.parseLong(swapped ? answer.substring(1) : answer));
    }

    /** What to tell the caller of an operation that was not done. */
    static CounterException refusal(String namespace, Operation operation, String answer) {
        if (answer.startsWith(OVERFLOW)) {
            String step = operation.first.startsWith("-") ? operation.first : "+" + operation.first;
            return new CounterOverflowException(
                    namespace, operation.key, answer.substring(OVERFLOW.length()) + step, LOWEST);
        }
        return BackendUnavailableException.notApplied(
                "server refuses the operation (" + answer.substring(1) + ")", namespace);
    }
}
