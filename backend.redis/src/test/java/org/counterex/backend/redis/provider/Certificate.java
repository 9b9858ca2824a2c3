package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Key and self-signed certificate for 127.0.0.1, as files for a server and as a trust store for clients. */
final class Certificate {

    static final String PASSWORD = "changeit";

    final Path keyFile;
    final Path certificateFile;
    final Path trustStore;

    private final KeyStore trusted;

    /** @param folder for the files */
    Certificate(Path folder) throws IOException {
        keyFile = folder.resolve("key.pem");
        certificateFile = folder.resolve("certificate.pem");
        trustStore = folder.resolve("trust.p12");
        try {
            KeyStore generated = KeyStore.getInstance(generate(folder).toFile(), PASSWORD.toCharArray());
            java.security.cert.Certificate certificate = generated.getCertificate("redis");
            byte[] key = generated.getKey("redis", PASSWORD.toCharArray()).getEncoded();
            write(keyFile, "PRIVATE KEY", key);
            write(certificateFile, "CERTIFICATE", certificate.getEncoded());
            trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("redis", certificate);
            try (OutputStream out = Files.newOutputStream(trustStore)) {
                trusted.store(out, PASSWORD.toCharArray());
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Returns a factory for connections that trust this certificate only. */
    SSLSocketFactory socketFactory() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path generate(Path folder) throws IOException {
        Path store = folder.resolve("key.p12");
        Path log = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=counterex",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        if (keytool.onExit().join().exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
        return store;
    }

    private static void write(Path file, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
