package org.counterex.web.provider.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class RawPathTest {

    @Test
    public void segments_areSplitBeforeDecoding() {
        assertEquals(List.of("api", "a/b", "..", ""), RawPath.segments("/api/a%2Fb/%2e%2E/?x=/y"));
        assertEquals(List.of(""), RawPath.segments("/"));
        assertEquals(List.of("", "a;b", "+ %"), RawPath.segments("//a;b/+%20%25"));
        assertEquals("\uD83D\uDE00\u202E\n", RawPath.decode("%F0%9F%98%80%E2%80%AE%0A"));
    }

    @Test
    public void segments_notUtf8_areRejected() {
        for (String wrong : List.of(
                "%",
                "a%",
                "%4",
                "%4g",
                "%-1",
                "%+1",
                "%\u0661\u0661",
                "%80",
                "%C0%80",
                "%ED%A0%80",
                "%F5%80%80%80",
                "%E2%80",
                "ü",
                "a b",
                "\n")) {
            HttpError error = assertThrows(wrong, HttpError.class, () -> RawPath.segments("/x/" + wrong));
            assertEquals(400, error.status());
        }
        assertThrows(HttpError.class, () -> RawPath.segments("http://elsewhere/"));
        assertThrows(HttpError.class, () -> RawPath.segments("*"));
    }
}
