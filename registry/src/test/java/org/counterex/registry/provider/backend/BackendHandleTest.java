package org.counterex.registry.provider.backend;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;

/** The service properties of a backend: each is taken over whole, or none of them. */
public class BackendHandleTest {

    private static BackendHandle handle(Map<String, Object> properties) {
        return new BackendHandle(null, properties, "test");
    }

    @Test
    public void retention_ofEveryText_isItsConstant() {
        for (BackendDTO.Retention retention : BackendDTO.Retention.values()) {
            BackendHandle handle = handle(Map.of(CounterBackend.TYPE, "t", CounterBackend.RETENTION, retention.text()));
            assertEquals(retention, handle.retention());
            assertEquals(retention != BackendDTO.Retention.NONE, handle.retainsValues());
            assertEquals(retention.text(), handle.describe().retention.toString());
        }
    }

    @Test
    public void retention_thatIsMissing_isNone() {
        assertEquals(
                BackendDTO.Retention.NONE,
                handle(Map.of(CounterBackend.TYPE, "t")).retention());
    }

    @Test
    public void update_withInvalidRetention_changesNothing() {
        BackendHandle handle = handle(Map.of(CounterBackend.TYPE, "t", CounterBackend.RETENTION, "local"));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> handle.update(Map.of(
                        CounterBackend.TYPE, "u", CounterBackend.RETENTION, "own", CounterBackend.NAMESPACES, "a*")));
        assertEquals("invalid retention: counterex.retention='own' expected=[none, local, shared]", e.getMessage());
        assertEquals("t/t", handle.label());
        assertTrue(handle.claims().isEmpty());
        assertTrue(handle.retainsValues());
    }

    @Test
    public void update_withInvalidClaim_changesNothing() {
        BackendHandle handle = handle(Map.of(CounterBackend.TYPE, "t"));
        assertThrows(
                IllegalArgumentException.class,
                () -> handle.update(Map.of(
                        CounterBackend.TYPE,
                        "t",
                        CounterBackend.RETENTION,
                        "local",
                        CounterBackend.NAMESPACES,
                        "a\\")));
        assertFalse(handle.retainsValues());
    }
}
