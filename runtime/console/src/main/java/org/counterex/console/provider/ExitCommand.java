package org.counterex.console.provider;

import org.apache.felix.service.command.Descriptor;

/** {@code exit}: ends the input, as its end would. */
public final class ExitCommand {

    static final String SCOPE = "console";
    static final String FUNCTION = "exit";

    /** With the exit status 0. */
    @Descriptor("stop everything in order and leave")
    public void exit() {
        exit(0);
    }

    /** @param status the exit status; its lowest eight bits count */
    @Descriptor("stop everything in order and leave with an exit status")
    public void exit(@Descriptor("0 to 255") int status) {
        throw new ExitRequest(status);
    }
}
