package org.counterex.web.provider.live;

import org.counterex.api.CounterNames;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.RawPath;

/** Counter whose value is streamed to a client. */
public record Chart(String namespace, String key) {

    /**
     * Parses a chart.
     *
     * @param text namespace and key, each percent-encoded, separated by a slash
     * @throws HttpError the text is anything else
     */
    public static Chart of(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw HttpError.badRequest("invalid chart: chart=" + CounterNames.printable(text)
                    + " expected=namespace and key, each percent-encoded, separated by a slash");
        }
        return new Chart(
                CounterNames.check("namespace", RawPath.decode(parts[0])),
                CounterNames.check("key", RawPath.decode(parts[1])));
    }
}
