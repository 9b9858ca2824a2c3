package org.counterex.web.provider;

import org.counterex.api.CounterNames;

/** A counter that somebody watches. */
record Chart(String namespace, String key) {

    /**
     * @param text namespace and key, each percent-encoded, with a slash between
     * @throws HttpError it is something else
     */
    static Chart of(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw HttpError.bad("chart is refused: chart=" + CounterNames.printable(text)
                    + " wanted=namespace and key, each percent-encoded, with a slash between");
        }
        return new Chart(
                CounterNames.check("namespace", RawPath.decode(parts[0])),
                CounterNames.check("key", RawPath.decode(parts[1])));
    }
}
