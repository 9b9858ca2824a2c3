package org.counterex.webconsole.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.tck.Arbitrary;
import org.junit.Test;

/** Texts in every column are escaped, whatever characters they contain. */
public class CountersTabTest {

    private static final String HOSTILE = "<script>alert(1)</script>\"'&\n\u001b[31m\u202e</td>";
    private static final String SHOWN =
            "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u000a\\u001b[31m\\u202e&lt;/td&gt;";

    private static String rendered(String text) {
        NamespaceDTO namespace = new NamespaceDTO();
        namespace.namespace = namespace.backend = namespace.targetBackend = namespace.reason = text;
        BackendDTO backend = new BackendDTO();
        backend.type = backend.name = backend.bundle = text;
        backend.retention = BackendDTO.Retention.NONE;
        backend.namespaces = Map.of(text, Long.MAX_VALUE);
        MoveDTO move = new MoveDTO();
        move.namespace = move.from = move.to = move.cause = move.sum = move.reason = text;
        move.outcome = MoveDTO.Outcome.MOVED;
        BackendRegistry registry = (BackendRegistry) Proxy.newProxyInstance(
                BackendRegistry.class.getClassLoader(),
                new Class<?>[] {BackendRegistry.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "namespaces" -> List.of(namespace);
                    case "backends" -> List.of(backend);
                    default -> List.of(move);
                });
        StringWriter html = new StringWriter();
        new CountersTab(registry).render(new PrintWriter(html));
        return html.toString();
    }

    @Test
    public void page_ofHostileTexts_escapesThem() {
        String html = rendered(HOSTILE);
        int shown = html.split(java.util.regex.Pattern.quote(SHOWN), -1).length - 1;
        assertEquals("namespace 4, backend 3, move 6", 13, shown);
        assertFalse(html, html.contains("<script"));
        assertTrue(html, html.contains("unbounded"));
    }

    @Test
    public void page_ofArbitraryTexts_hasTheSameTags() {
        long seed = System.nanoTime();
        Arbitrary arbitrary = new Arbitrary(new Random(seed));
        String expected = tags(rendered("a"));
        for (int i = 0; i < 200; i++) {
            String html = rendered(arbitrary.name());
            assertEquals("seed " + seed, expected, tags(html));
            assertTrue(
                    "seed " + seed,
                    html.codePoints().allMatch(c -> c == '\n' || Character.getType(c) != Character.CONTROL));
        }
    }

    private static String tags(String html) {
        return html.replaceAll("(?s)[^<>]*(<[^<>]*>)[^<>]*", "$1");
    }
}
