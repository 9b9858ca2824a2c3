package org.counterex.web.provider.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Parser of request paths. A path is split before its segments are decoded, because names may contain any character,
 * also {@code /} and {@code ..}; the decoded and normalized path that a container offers is never used.
 */
public final class RawPath {

    private RawPath() {}

    /**
     * Returns the decoded segments between the slashes; {@code /} has one, which is empty.
     *
     * @param uri request URI as sent, with or without a query
     * @throws HttpError a segment is not percent-encoded UTF-8
     */
    static List<String> segments(String uri) {
        int end = uri.indexOf('?');
        String path = end < 0 ? uri : uri.substring(0, end);
        if (!path.startsWith("/")) {
            throw HttpError.badRequest("invalid path: it does not begin with a slash");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            segments.add(decode(segment));
        }
        return segments;
    }

    /**
     * Decodes percent-encoded UTF-8, strictly; a plus sign stands for itself.
     *
     * @throws HttpError the text is not percent-encoded UTF-8
     */
    public static String decode(String text) {
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
        return HttpError.badRequest("invalid name: not percent-encoded UTF-8");
    }
}
