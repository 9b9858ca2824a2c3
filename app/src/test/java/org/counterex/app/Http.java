package org.counterex.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1 client that sends requests unchanged, however malformed, and parses responses itself. */
record Http(int port, String token) {

    static final int DEADLINE_MS = 30_000;

    /**
     * Response.
     *
     * @param status 0 if there was no response
     * @param headers values by name in lower case
     * @param whole whether the response is complete
     */
    record Answer(int status, Map<String, String> headers, String body, boolean whole) {}

    /** Returns a client of the same server without the token. */
    Http anonymous() {
        return new Http(port, null);
    }

    Answer get(String path) throws IOException {
        return send("GET", path, null);
    }

    /** @param body null for none */
    Answer send(String method, String path, String body, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        boolean host = false;
        for (String header : headers) {
            request.append(header).append("\r\n");
            host |= header.startsWith("Host:");
        }
        if (!host) {
            request.append("Host: localhost:" + port + "\r\n");
        }
        if (token != null) {
            request.append("Authorization: Bearer " + token + "\r\n");
        }
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        if (body != null) {
            request.append("Content-Length: " + bytes.length + "\r\n");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(request.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
        all.writeBytes(bytes);
        return raw(all.toByteArray());
    }

    /** Sends raw bytes and reads until the server closes the connection. */
    Answer raw(byte[] request) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The server need not read a rejected request to its end.
            }
            return answer(socket.getInputStream());
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket();
        // Small, so that the server soon notices a client that does not read.
        socket.setReceiveBufferSize(4 * 1024);
        socket.setSoTimeout(DEADLINE_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MS);
        return socket;
    }

    /** Reads a response to its end. */
    static Answer answer(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
            byte[] some = new byte[64 * 1024];
            for (int length = in.read(some); length >= 0; length = in.read(some)) {
                read.write(some, 0, length);
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("no end in " + DEADLINE_MS + " ms: " + read.size() + " bytes");
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // connection reset: use the data received so far
        }
        String text = read.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(0, Map.of(), text, false);
        }
        String[] head = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < head.length; i++) {
            String[] parts = head[i].split(": *", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        StringBuilder body = new StringBuilder(text.substring(end + 4));
        boolean whole = true;
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            whole = unchunk(body);
        }
        return new Answer(
                Integer.parseInt(head[0].split(" ")[1]),
                headers,
                new String(body.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                whole);
    }

    private static boolean unchunk(StringBuilder body) {
        String chunked = body.toString();
        body.setLength(0);
        for (int at = 0; ; ) {
            int lineEnd = chunked.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return false;
            }
            int size = Integer.parseInt(chunked.substring(at, lineEnd), 16);
            if (size == 0) {
                return true;
            }
            int begin = lineEnd + 2;
            body.append(chunked, begin, Math.min(begin + size, chunked.length()));
            at = begin + size + 2;
            if (at > chunked.length()) {
                return false;
            }
        }
    }
}
