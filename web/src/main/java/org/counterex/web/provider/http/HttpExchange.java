package org.counterex.web.provider.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.counterex.api.CounterNames;
import org.counterex.support.json.JsonReader;
import org.counterex.support.json.JsonWriter;
import org.counterex.web.provider.json.JsonBody;

/** A request and its response. Used by one thread. */
public final class HttpExchange {

    private static final String JSON = "application/json";
    private static final int MAX_BODY = 64 * 1024;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final List<String> pathParameters = new ArrayList<>();

    HttpExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    public HttpServletRequest request() {
        return request;
    }

    public HttpServletResponse response() {
        return response;
    }

    /** Sets the decoded segments of the path that are parameters. */
    void pathParameters(List<String> segments) {
        pathParameters.addAll(segments);
    }

    /**
     * Returns the first parameter of the path, a namespace.
     *
     * @throws IllegalArgumentException it is not a valid name
     */
    public String namespace() {
        return CounterNames.check("namespace", pathParameters.get(0));
    }

    /**
     * Returns the second parameter of the path, a key.
     *
     * @throws IllegalArgumentException it is not a valid name
     */
    public String key() {
        return CounterNames.check("key", pathParameters.get(1));
    }

    /** Returns a query parameter that may be given at most once. */
    public String parameter(String name, String absent) {
        List<String> values = parameters(name);
        if (values.size() > 1) {
            throw HttpError.badRequest("duplicate parameter: parameter=" + name);
        }
        return values.isEmpty() ? absent : decoded(values.get(0));
    }

    /** Returns all values of a query parameter. */
    public List<String> decodedParameters(String name) {
        return parameters(name).stream().map(HttpExchange::decoded).toList();
    }

    /** Returns a query parameter that is a whole number within bounds. */
    public long number(String name, long absent, long min, long max) {
        String text = parameter(name, Long.toString(absent));
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // rejected below, as a number out of bounds is
        }
        throw HttpError.badRequest("invalid parameter: " + name + "=" + CounterNames.printable(text)
                + " expected=a whole number from " + min + " to " + max);
    }

    /** Returns a query parameter that is one of the given words; the first one if it is absent. */
    public String word(String name, String... words) {
        String text = parameter(name, words[0]);
        if (!List.of(words).contains(text)) {
            throw HttpError.badRequest("invalid parameter: " + name + "=" + CounterNames.printable(text) + " expected="
                    + String.join(" or ", words));
        }
        return text;
    }

    /** Returns all values of a query parameter, still percent-encoded. */
    public List<String> parameters(String name) {
        List<String> values = new ArrayList<>();
        String query = request.getQueryString();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (decoded(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                values.add(equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return values;
    }

    /** Decodes as in a form, where a plus sign is a space. */
    private static String decoded(String text) {
        return RawPath.decode(text.replace("+", "%20"));
    }

    /**
     * Reads the body, a flat JSON object; an absent body is an empty object.
     *
     * @throws IllegalArgumentException the body is anything else
     * @throws HttpError the body is too large
     */
    public JsonBody body(Set<String> members) throws IOException {
        if (request.getContentLengthLong() > MAX_BODY) {
            throw tooLarge();
        }
        byte[] body = new SlowClientGuard(request.getInputStream()).readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw tooLarge();
        }
        return new JsonBody(
                body.length == 0
                        ? Map.of()
                        : new JsonReader(reader(new ByteArrayInputStream(body))).readFlatObject(members));
    }

    private static HttpError tooLarge() {
        return new HttpError(413, "request body is too large: maxBytes=" + MAX_BODY);
    }

    /** Returns the body as a stream, decoded strictly from UTF-8. */
    public Reader reader() throws IOException {
        return reader(new SlowClientGuard(request.getInputStream()));
    }

    private static Reader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    }

    /** Sends a JSON document with status 200, streamed while it is generated. */
    public void send(JsonWriter.Part body) throws IOException {
        response.setStatus(200);
        response.setContentType(JSON);
        try (Writer out = writer()) {
            body.writeTo(new JsonWriter(out));
            out.write('\n');
        }
    }

    /** Returns the body of the response, guarded against clients that read too slowly. */
    public Writer writer() throws IOException {
        return new BufferedWriter(
                new OutputStreamWriter(new SlowClientGuard.Out(response.getOutputStream()), StandardCharsets.UTF_8));
    }

    /** Sends an error. */
    static void sendError(HttpServletResponse response, HttpError error) throws IOException {
        byte[] body = (JsonWriter.text(json -> json.object(o -> o.name("error").value(error.getMessage()))) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(error.status());
        response.setContentType(JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
