package org.counterex.support.config;

import static org.junit.Assert.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.counterex.tck.ConfigurationContract;
import org.counterex.tck.Refusal;
import org.junit.Test;

/** How settings read that make sense; what is refused is a matter of {@link ConfigurationContract}. */
public class SettingsTest {

    private static Settings with(Object value) {
        return new Settings(Map.of("key", value));
    }

    private static String refused(Object value) {
        return Refusal.of(IllegalArgumentException.class, () -> with(value).list("key"));
    }

    @Test
    public void list_ofOneText_isSplitAtCommas() {
        assertEquals(List.of("a", "b"), with(" a , b ,,").list("key"));
        assertEquals(List.of("a,b", "c"), with("a\\,b,c").list("key"));
        assertEquals(List.of("5"), with(5).list("key"));
        assertEquals(List.of(), with(" ").list("key"));
        assertEquals(List.of(), new Settings(Map.of()).list("key"));
    }

    /** A namespace may begin with a blank or be a tab, and what was routed once is read again from its configuration. */
    @Test
    public void list_ofSeveralTexts_takesThemAsTheyAre() {
        String[] texts = {" a", "b ", "\t", "c,d", "e\\,f", "", " "};
        List<String> read = List.of(" a", "b ", "\t", "c,d", "e\\,f", " ");
        assertEquals(read, with(texts).list("key"));
        assertEquals(read, with(List.of(texts)).list("key"));
        assertEquals(List.of("1", "2"), with(new int[] {1, 2}).list("key"));
    }

    @Test
    public void list_ofAnythingElse_isRefused() {
        assertEquals("invalid setting: key=[a,null] expected=a list of texts", refused(Arrays.asList("a", null)));
        assertEquals("invalid setting: key=[[a],[]] expected=a list of texts", refused(new String[][] {{"a"}, {}}));
        assertEquals("invalid setting: key=a Object expected=a list of texts", refused(new Object()));
    }

    @Test
    public void number_thatIsNone_isRefusedWithKeyAndValue() {
        assertEquals("invalid setting: key=1x expected=a whole number from 1 to 9", notANumber("1x"));
        assertEquals("invalid setting: key=10 expected=a whole number from 1 to 9", notANumber(10));
        assertEquals("invalid setting: key= expected=a single text", notANumber(""));
        assertEquals("invalid setting: key=[1,2] expected=a single text", notANumber(new int[] {1, 2}));
    }

    private static String notANumber(Object value) {
        return Refusal.of(IllegalArgumentException.class, () -> with(value).number("key", 1, 1, 9));
    }

    @Test
    public void identity_withoutAName_hasThatOfItsFactoryConfiguration() {
        assertEquals("big", identity(Map.of("service.pid", "org.example~big")).name());
        assertEquals("type", identity(Map.of("service.pid", "org.example")).name());
        assertEquals("type", identity(Map.of()).name());
        assertEquals(
                "own",
                identity(Map.of("service.pid", "org.example~big", "name", " own "))
                        .name());
    }

    private static BackendProperties identity(Map<String, ?> properties) {
        return BackendProperties.of("type", new Settings(properties));
    }
}
