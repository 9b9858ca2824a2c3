package org.counterex.support.config;

import static org.junit.Assert.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.counterex.tck.ConfigurationContract;
import org.counterex.tck.Rejection;
import org.junit.Test;

/** Valid settings; the rejection of invalid ones is tested by {@link ConfigurationContract}. */
public class SettingsTest {

    private static Settings with(Object value) {
        return new Settings(Map.of("key", value));
    }

    private static String rejected(Object value) {
        return Rejection.of(IllegalArgumentException.class, () -> with(value).list("key"));
    }

    @Test
    public void list_ofOneText_isSplitAtCommas() {
        assertEquals(List.of("a", "b"), with(" a , b ,,").list("key"));
        assertEquals(List.of("a,b", "c"), with("a\\,b,c").list("key"));
        assertEquals(List.of("5"), with(5).list("key"));
        assertEquals(List.of(), with(" ").list("key"));
        assertEquals(List.of(), new Settings(Map.of()).list("key"));
    }

    /** A namespace may begin with a blank or be a tab, and its route is read again from a configuration. */
    @Test
    public void list_ofSeveralTexts_isReturnedAsIs() {
        String[] texts = {" a", "b ", "\t", "c,d", "e\\,f", "", " "};
        List<String> read = List.of(" a", "b ", "\t", "c,d", "e\\,f", " ");
        assertEquals(read, with(texts).list("key"));
        assertEquals(read, with(List.of(texts)).list("key"));
        assertEquals(List.of("1", "2"), with(new int[] {1, 2}).list("key"));
    }

    @Test
    public void list_ofOtherValues_isRejected() {
        assertEquals("invalid setting: key=[a,null] expected=a list of texts", rejected(Arrays.asList("a", null)));
        assertEquals("invalid setting: key=[[a],[]] expected=a list of texts", rejected(new String[][] {{"a"}, {}}));
        assertEquals("invalid setting: key=a Object expected=a list of texts", rejected(new Object()));
    }

    @Test
    public void number_invalid_isRejectedWithKeyAndValue() {
        assertEquals("invalid setting: key=1x expected=a whole number from 1 to 9", notANumber("1x"));
        assertEquals("invalid setting: key=10 expected=a whole number from 1 to 9", notANumber(10));
        assertEquals("invalid setting: key= expected=a single text", notANumber(""));
        assertEquals("invalid setting: key=[1,2] expected=a single text", notANumber(new int[] {1, 2}));
    }

    private static String notANumber(Object value) {
        return Rejection.of(IllegalArgumentException.class, () -> with(value).number("key", 1, 1, 9));
    }

    @Test
    public void name_missing_isThatOfTheFactoryConfiguration() {
        assertEquals("big", properties(Map.of("service.pid", "org.example~big")).name());
        assertEquals("type", properties(Map.of("service.pid", "org.example")).name());
        assertEquals("type", properties(Map.of()).name());
        assertEquals(
                "own",
                properties(Map.of("service.pid", "org.example~big", "name", " own "))
                        .name());
    }

    private static BackendProperties properties(Map<String, ?> properties) {
        return BackendProperties.of("type", new Settings(properties));
    }
}
