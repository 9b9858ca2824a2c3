package org.counterex.console.provider;

import java.io.IOException;
import java.util.Map;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The terminal of the process. When it starts, gogo.jline takes it and begins a shell of its own, whether somebody sits
 * there or not; finding no terminal, it quietly does the rest, which is its commands. So there is none to be found but
 * while we take it.
 */
final class SystemTerminal {

    /** What the line editor looks at: nothing that could drive a terminal, and no dumb one in its place either. */
    private static final Map<String, String> HIDDEN = Map.of(
            TerminalBuilder.PROP_PROVIDER,
            "none",
            TerminalBuilder.PROP_DUMB,
            "false",
            TerminalBuilder.PROP_TYPE,
            "none");

    private SystemTerminal() {}

    /** Hides it. */
    static void hide() {
        HIDDEN.forEach(System::setProperty);
    }

    /**
     * Opens it.
     *
     * @throws IOException it cannot be used
     */
    static Terminal open() throws IOException {
        HIDDEN.keySet().forEach(System::clearProperty);
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .name("counterex")
                    .system(true)
                    .nativeSignals(true)
                    .signalHandler(Terminal.SignalHandler.SIG_IGN)
                    .build();
            if (terminal.getWidth() == 0) {
                // Nobody has told it its size, as in a container; the line editor would find no room for the prompt.
                terminal.setSize(new Size(80, 24));
            }
            return terminal;
        } finally {
            hide();
        }
    }
}
