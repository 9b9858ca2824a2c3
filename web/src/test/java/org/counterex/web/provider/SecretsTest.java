package org.counterex.web.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.counterex.web.provider.http.TokenFile;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SecretsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void token_isGeneratedOnce_readableByItsOwnerOnly() throws IOException {
        Path file = folder.getRoot().toPath().resolve("data/web.token");
        String token = TokenFile.token(file);
        assertTrue(token, token.matches("[A-Za-z0-9_-]{43}"));
        assertEquals("rw-------", permissions(file));
        assertEquals(token, TokenFile.token(file));
        assertNotEquals(token, TokenFile.token(folder.getRoot().toPath().resolve("other")));
    }

    @Test
    public void tokenFile_readableByOthers_losesThatPermission() throws IOException {
        Path file = folder.getRoot().toPath().resolve("web.token");
        Files.writeString(file, "a-token-chosen-by-a-user\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals("a-token-chosen-by-a-user", TokenFile.token(file));
        assertEquals("rw-------", permissions(file));
    }

    @Test
    public void tokenFile_invalid_isRejectedAndUnchanged() throws IOException {
        Path file = folder.getRoot().toPath().resolve("web.token");
        for (String wrong : List.of("", "short", "with a blank in it, long", "x".repeat(2_000))) {
            Files.writeString(file, wrong);
            IOException problem = assertThrows(wrong, IOException.class, () -> TokenFile.token(file));
            assertEquals("invalid token file, delete it to generate a new token: file=" + file, problem.getMessage());
            assertEquals(wrong, Files.readString(file));
        }
    }

    @Test
    public void settings_invalid_areRejectedWithoutRevealingSecrets() {
        rejected(
                "invalid setting: token=(not shown) expected=16 characters or more, on one line",
                Map.of("token", "secret"));
        rejected(
                "invalid setting: token=(not shown) expected=16 characters or more, on one line",
                Map.of("token", "secret-secret-\nsecret"));
        rejected(
                "invalid setting: password=(not shown) expected=8 characters or more, on one line",
                Map.of("user", "me", "password", "secret"));
        rejected("missing setting: password expected=user and password, or neither", Map.of("user", "me"));
        rejected("missing setting: user expected=user and password, or neither", Map.of("password", "secret-secret"));
        rejected(
                "invalid setting: user=a:b expected=a name without a colon",
                Map.of("user", "a:b", "password", "secret-secret"));
        rejected("invalid setting: reads=all expected=open or token", Map.of("reads", "all"));
        rejected("invalid setting: maxStreams=0 expected=a whole number from 1 to 100000", Map.of("maxStreams", 0));
        WebSettings settings = WebSettings.of(Map.of("token", "secret-secret-secret", "hosts", "A.example, b"));
        assertEquals(List.of("a.example", "b"), settings.access().hosts());
        assertEquals(1_000, settings.maxStreams());
        assertFalse(settings.toString().contains("secret"));
    }

    private static void rejected(String message, Map<String, Object> settings) {
        IllegalArgumentException problem = assertThrows(IllegalArgumentException.class, () -> WebSettings.of(settings));
        assertEquals(message, problem.getMessage());
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
