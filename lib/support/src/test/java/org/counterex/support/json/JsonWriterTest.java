package org.counterex.support.json;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.google.gson.JsonParser;
import java.util.Random;
import org.junit.Test;

public class JsonWriterTest {

    @Test
    public void nestedParts_separateTheirValues() {
        assertEquals(
                "{\"a\":1,\"b\":[\"x\",null,true,1.5,null],\"c\":{},\"d\":[]}",
                JsonWriter.text(json -> json.object(o -> o.name("a")
                        .number(1)
                        .name("b")
                        .array(a ->
                                a.value("x").value(null).flag(true).number(1.5).number(Double.NaN))
                        .name("c")
                        .object(c -> {})
                        .name("d")
                        .array(d -> {}))));
    }

    @Test
    public void strings_atRandom_areExactAndHarmless() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                int c = random.nextInt(
                        switch (random.nextInt(3)) {
                            case 0 -> 0x80;
                            case 1 -> 0x3000;
                            default -> Character.MAX_CODE_POINT + 1;
                        });
                if (Character.getType(c) != Character.SURROGATE) {
                    text.appendCodePoint(c);
                }
            }
            String json = JsonWriter.text(j -> j.value(text.toString()));
            assertEquals(
                    "seed=" + seed,
                    text.toString(),
                    JsonParser.parseString(json).getAsString());
            assertTrue(
                    "seed=" + seed + " " + json,
                    json.codePoints()
                            .noneMatch(c -> c == '<'
                                    || c == '>'
                                    || c == '&'
                                    || Character.isISOControl(c)
                                    || Character.getType(c) == Character.FORMAT
                                    || c == 0x2028
                                    || c == 0x2029));
        }
    }
}
