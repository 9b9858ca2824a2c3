package org.counterex.web.provider.json;

import java.util.Map;
import org.counterex.api.CounterNames;
import org.counterex.support.json.JsonReader;

/**
 * The flat JSON object in the body of a request.
 *
 * @param members strings and whole numbers as written, by name
 */
public record JsonBody(Map<String, String> members) {

    /** @throws IllegalArgumentException the member is missing */
    public String text(String member) {
        String text = members.get(member);
        if (text == null) {
            throw new IllegalArgumentException("invalid request body: missing=" + member);
        }
        return text;
    }

    /** @throws IllegalArgumentException the member is missing or not a counter value */
    public long value(String member) {
        return parse(member, text(member));
    }

    /**
     * @param absent the value of a missing member
     * @throws IllegalArgumentException the member is not a counter value
     */
    public long value(String member, String absent) {
        return parse(member, members.getOrDefault(member, absent));
    }

    private static long parse(String member, String text) {
        return JsonReader.parseValue(text)
                .orElseThrow(() -> new IllegalArgumentException("invalid counter value: " + member + "="
                        + CounterNames.printable(text) + " expected=" + JsonReader.COUNTER_VALUE));
    }
}
