package org.counterex.web.provider.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the page, which are resources of this bundle. Thread-safe. */
final class StaticFiles {

    private static final String FOLDER = "/page/";
    private static final String INDEX = "index.html";
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "txt", "text/plain; charset=utf-8");

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    private record Asset(byte[] bytes, String type, String tag) {}

    /** Returns whether a path, as sent, is one of the page. Matching paths cannot leave the folder of the page. */
    static boolean matches(String uri) {
        return uri.equals("/")
                || uri.startsWith(FOLDER)
                        && FILE.matcher(uri.substring(FOLDER.length())).matches();
    }

    /** @throws HttpError the file does not exist */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        String name = uri.equals("/") ? INDEX : uri.substring(FOLDER.length());
        Asset asset = assets.get(name);
        if (asset == null) {
            asset = read(name);
            assets.put(name, asset);
        }
        // Caches must revalidate, so that the new version is used after an update.
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", asset.tag());
        if (asset.tag().equals(request.getHeader("If-None-Match"))) {
            response.setStatus(304);
            return;
        }
        response.setContentType(asset.type());
        response.setContentLength(asset.bytes().length);
        response.getOutputStream().write(asset.bytes());
    }

    private static Asset read(String name) throws IOException {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream in = type == null ? null : StaticFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw HttpError.notFound("unknown path");
            }
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Asset(bytes, type, '"' + HexFormat.of().formatHex(digest, 0, 16) + '"');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
