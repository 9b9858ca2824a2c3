package org.counterex.web.provider;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The path of a request, taken apart before anything of it is decoded: a name may have any character, {@code /} and
 * {@code ..} too. Containers decode and straighten paths; what they make of one is never looked at.
 */
final class RawPath {

    private RawPath() {}

    /**
     * The decoded parts between the slashes; {@code /} has one, which is empty.
     *
     * @param uri as it was sent, with or without a query
     * @throws HttpError a part is no percent-encoded UTF-8
     */
    static List<String> parts(String uri) {
        int end = uri.indexOf('?');
        String path = end < 0 ? uri : uri.substring(0, end);
        if (!path.startsWith("/")) {
            throw HttpError.bad("path does not begin with a slash");
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.substring(1).split("/", -1)) {
            parts.add(decode(part));
        }
        return parts;
    }

    /**
     * Decodes percent signs, strictly; a plus sign is one.
     *
     * @throws HttpError it is no percent-encoded UTF-8
     */
    static String decode(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) (digit(text, i + 1) << 4 | digit(text, i + 2));
                i += 2;
            } else if (c > ' ' && c < 0x7F) {
                bytes[length++] = (byte) c;
            } else {
                throw malformed();
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static int digit(String text, int at) {
        char c = at < text.length() ? text.charAt(at) : 0;
        if (!HexFormat.isHexDigit(c)) {
            throw malformed();
        }
        return HexFormat.fromHexDigit(c);
    }

    private static HttpError malformed() {
        return HttpError.bad("name is not percent-encoded UTF-8");
    }
}
