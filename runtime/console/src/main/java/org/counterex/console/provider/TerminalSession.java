package org.counterex.console.provider;

import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.service.command.JobListener;
import org.jline.terminal.Terminal;

/**
 * Interactive session that prints every result and short failures. Gogo's own session prints only the last result of a
 * line, and failures with their class names.
 */
final class TerminalSession extends CommandSessionImpl {

    private final CommandRunner runner;
    private final Runnable end;
    private int status;

    /** @param end makes the shell end instead of reading the next line */
    TerminalSession(CommandProcessorImpl processor, Terminal terminal, Runnable end) {
        super(processor, terminal.input(), terminal.output(), terminal.output());
        this.end = end;
        runner = new CommandRunner(this, super::execute, getConsole(), Optional.empty());
    }

    /**
     * Prints the results of typed commands, which arrive as a program; a profile or a completion does not and prints
     * nothing.
     */
    @Override
    public Object execute(CharSequence commands) throws Exception {
        if (!(commands instanceof Program program)) {
            return super.execute(commands);
        }
        try {
            runner.run(program, start -> "");
        } catch (ExitRequest e) {
            status = e.status();
            end.run();
        }
        return null;
    }

    @Override
    public void setJobListener(JobListener listener) {
        super.setJobListener((job, previous, current) -> {
            runner.jobChanged(job, previous, current);
            listener.jobChanged(job, previous, current);
        });
    }

    /** Returns the requested exit status. */
    int status() {
        return status;
    }
}
