package org.counterex.console.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;

/** Runs commands where nobody types them: results alone are printed, and the first failure is the end. */
final class Batch {

    private final CommandProcessor processor;
    private final InputStream in;
    private final PrintStream results;

    /**
     * @param in what commands read
     * @param results what they show
     */
    Batch(CommandProcessor processor, InputStream in, PrintStream results) {
        this.processor = processor;
        this.in = in;
        this.results = results;
    }

    /**
     * Runs commands to their end.
     *
     * @param arguments {@code $1} and so on
     * @return the exit status
     * @throws CommandFailure a command failed; those after it were not begun
     * @throws IOException the commands cannot be read, or results not be printed
     */
    int run(CommandLines commands, List<String> arguments) throws CommandFailure, IOException, InterruptedException {
        CommandErrors errors = new CommandErrors();
        try (CommandSession session = processor.createSession(in, results, errors)) {
            session.put("SCOPE", "gogo:*");
            // There is no terminal, but gogo.jline's commands colour what they find unless told to use no colour.
            session.put("GREP_COLORS", "mt=");
            session.put("LS_COLORS", "ot=");
            session.put("args", arguments);
            CommandRunner runner = new CommandRunner(session, session::execute, results, Optional.of(errors));
            session.setJobListener(runner);
            for (Optional<Program> next = commands.next(); next.isPresent(); next = commands.next()) {
                runner.run(next.get(), commands::place);
                if (results.checkError()) {
                    throw new IOException("standard output cannot be written");
                }
            }
            runner.awaitJobs();
            return 0;
        } catch (ExitRequest e) {
            return e.status();
        }
    }
}
