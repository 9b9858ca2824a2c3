package org.counterex.console.provider;

import org.apache.felix.service.command.Descriptor;

/** Command {@code exit}: ends the input. */
public final class ExitCommand {

    static final String SCOPE = "console";
    static final String FUNCTION = "exit";

    /** Ends the input with the exit status 0. */
    @Descriptor("shut down and exit")
    public void exit() {
        exit(0);
    }

    /** @param status exit status; only the lowest eight bits are used */
    @Descriptor("shut down and exit with a status")
    public void exit(@Descriptor("0 to 255") int status) {
        throw new ExitRequest(status);
    }
}
