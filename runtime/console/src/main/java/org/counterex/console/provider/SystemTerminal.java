package org.counterex.console.provider;

import java.io.IOException;
import java.util.Map;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Terminal of the process. On start, gogo.jline opens the terminal and runs a shell of its own; if it finds no
 * terminal, it only registers its commands. Therefore the terminal is hidden from the line editor except while this
 * class opens it.
 */
final class SystemTerminal {

    /**
     * System properties that leave the line editor without a terminal provider and without a dumb terminal as fallback.
     */
    private static final Map<String, String> HIDDEN = Map.of(
            TerminalBuilder.PROP_PROVIDER,
            "none",
            TerminalBuilder.PROP_DUMB,
            "false",
            TerminalBuilder.PROP_TYPE,
            "none");

    private SystemTerminal() {}

    /** Hides the terminal from the line editor. */
    static void hide() {
        HIDDEN.forEach(System::setProperty);
    }

    /**
     * Opens the terminal.
     *
     * @throws IOException the terminal cannot be used
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
                // The size is unknown, as in a container; the line editor would have no room for the prompt.
                terminal.setSize(new Size(80, 24));
            }
            return terminal;
        } finally {
            hide();
        }
    }
}
