package org.counterex.api.backend;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class SettingsTest {

    @Test
    public void list_ofAText_isSplitAtCommasAndTrimmed() {
        assertList(List.of("a", "b c", "d,e"), " a , b c,,d\\,e ");
        assertList(List.of(), " ");
    }

    @Test
    public void list_ofSeveral_hasThemAsTheyAre() {
        List<String> names = List.of(" a", "b\t", " ", "\u001b[31m", "c,d");
        assertList(names, names.toArray(String[]::new));
        assertList(names, names);
    }

    @Test
    public void list_thatIsAbsent_isEmpty() {
        assertEquals(List.of(), new Settings(Map.of()).list("key"));
    }

    @Test
    public void nonsense_isRefusedWithKeyAndValue() {
        assertRefused("setting is refused: key=1x wanted=a whole number from 1 to 9", "1x");
        assertRefused("setting is refused: key=10 wanted=a whole number from 1 to 9", 10);
        assertRefused("setting is refused: key= wanted=a single text", "");
        assertRefused("setting is refused: key=1,2 wanted=a single text", new int[] {1, 2});
    }

    private static void assertList(List<String> expected, Object value) {
        assertEquals(expected, new Settings(Map.of("key", value)).list("key"));
    }

    private static void assertRefused(String message, Object value) {
        Settings settings = new Settings(Map.of("key", value));
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> settings.number("key", 1, 1, 9))
                        .getMessage());
    }
}
