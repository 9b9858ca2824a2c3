package org.counterex.web.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class RawPathTest {

    @Test
    public void parts_areTakenApartBeforeTheyAreDecoded() {
        assertEquals(List.of("api", "a/b", "..", ""), RawPath.parts("/api/a%2Fb/%2e%2E/?x=/y"));
        assertEquals(List.of(""), RawPath.parts("/"));
        assertEquals(List.of("", "a;b", "+ %"), RawPath.parts("//a;b/+%20%25"));
        assertEquals("\uD83D\uDE00\u202E\n", RawPath.decode("%F0%9F%98%80%E2%80%AE%0A"));
    }

    @Test
    public void parts_thatAreNoUtf8_areRefused() {
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
            HttpError refusal = assertThrows(wrong, HttpError.class, () -> RawPath.parts("/x/" + wrong));
            assertEquals(400, refusal.status());
        }
        assertThrows(HttpError.class, () -> RawPath.parts("http://elsewhere/"));
        assertThrows(HttpError.class, () -> RawPath.parts("*"));
    }
}
