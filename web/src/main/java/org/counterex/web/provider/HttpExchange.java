package org.counterex.web.provider;

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

/** One request to the API and its answer. Used by one thread. */
final class HttpExchange {

    private static final String JSON = "application/json";
    private static final int LARGEST_BODY = 64 * 1024;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final List<String> names = new ArrayList<>();

    HttpExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    /** @param parts of the path that stand for names */
    void names(List<String> parts) {
        names.addAll(parts);
    }

    /** @throws IllegalArgumentException it is no name */
    String namespace() {
        return CounterNames.check("namespace", names.get(0));
    }

    /** @throws IllegalArgumentException it is no name */
    String key() {
        return CounterNames.check("key", names.get(1));
    }

    /** A parameter of the query; another text if it is not given. */
    String parameter(String name, String absent) {
        List<String> values = parameters(name);
        if (values.size() > 1) {
            throw HttpError.bad("parameter is given twice: parameter=" + name);
        }
        return values.isEmpty() ? absent : decoded(values.get(0));
    }

    /** All values of a parameter of the query. */
    List<String> texts(String name) {
        return parameters(name).stream().map(HttpExchange::decoded).toList();
    }

    /** A parameter of the query as a number within bounds. */
    long number(String name, long absent, long lowest, long highest) {
        String text = parameter(name, Long.toString(absent));
        try {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with what would be right
        }
        throw HttpError.bad("parameter is refused: " + name + "=" + CounterNames.printable(text)
                + " wanted=a whole number from " + lowest + " to " + highest);
    }

    /** A parameter of the query as one of some words; the first if it is not given. */
    String word(String name, String... words) {
        String text = parameter(name, words[0]);
        if (!List.of(words).contains(text)) {
            throw HttpError.bad("parameter is refused: " + name + "=" + CounterNames.printable(text) + " wanted="
                    + String.join(" or ", words));
        }
        return text;
    }

    /** All values of a parameter of the query, as they were sent. */
    List<String> parameters(String name) {
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

    /** As in a form, where a plus sign is a blank. */
    private static String decoded(String text) {
        return RawPath.decode(text.replace("+", "%20"));
    }

    /**
     * The small object that the body is; empty if there is none.
     *
     * @throws HttpError it is something else, or too large
     */
    Map<String, String> body(Set<String> members) throws IOException {
        if (request.getContentLengthLong() > LARGEST_BODY) {
            throw tooLarge();
        }
        byte[] body = new SlowClientGuard(request.getInputStream()).readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw tooLarge();
        }
        if (body.length == 0) {
            return Map.of();
        }
        return new JsonReader(reader(new ByteArrayInputStream(body))).object(members);
    }

    private static HttpError tooLarge() {
        return new HttpError(413, "body is too large: largest=" + LARGEST_BODY + " bytes");
    }

    /** The body, in UTF-8 or not at all. */
    Reader reader() throws IOException {
        return reader(new SlowClientGuard(request.getInputStream()));
    }

    private static Reader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    }

    /** Answers that all went well. */
    void send(Json.Part body) throws IOException {
        send(200, body);
    }

    /** Answers with a document that is written as it is made. */
    void send(int status, Json.Part body) throws IOException {
        response.setStatus(status);
        response.setContentType(JSON);
        try (Writer out = writer()) {
            body.writeTo(new Json(out));
            out.write('\n');
        }
    }

    /** The body of the answer, which a client has to take with some speed. */
    Writer writer() throws IOException {
        return new BufferedWriter(
                new OutputStreamWriter(new SlowClientGuard.Out(response.getOutputStream()), StandardCharsets.UTF_8));
    }

    /** Answers that it is not done. */
    static void refuse(HttpServletResponse response, HttpError refusal) throws IOException {
        byte[] body = (Json.text(json -> json.object(o -> o.name("error").value(refusal.getMessage()))) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(refusal.status());
        response.setContentType(JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
