package org.counterex.console.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;

/** Non-interactive command session: prints results only and ends at the first failure. */
final class Batch {

    private final CommandProcessor processor;
    private final InputStream in;
    private final PrintStream results;

    /**
     * @param in standard input of the commands
     * @param results destination of their results
     */
    Batch(CommandProcessor processor, InputStream in, PrintStream results) {
        this.processor = processor;
        this.in = in;
        this.results = results;
    }

    /**
     * Runs commands until their end.
     *
     * @param arguments values of {@code $1} and so on
     * @return the exit status
     * @throws CommandFailure a command failed; later commands were not started
     * @throws IOException the commands cannot be read, or the results cannot be printed
     */
    int run(CommandLines commands, List<String> arguments) throws CommandFailure, IOException, InterruptedException {
        CommandErrors errors = new CommandErrors();
        try (CommandSession session = processor.createSession(in, results, errors)) {
            session.put("SCOPE", "gogo:*");
            // The grep and ls of gogo.jline use colours unless these variables disable them, even without a terminal.
            session.put("GREP_COLORS", "mt=");
            session.put("LS_COLORS", "ot=");
            session.put("args", arguments);
            CommandRunner runner = new CommandRunner(session, session::execute, results, Optional.of(errors));
            session.setJobListener(runner);
            for (Optional<Program> next = commands.next(); next.isPresent(); next = commands.next()) {
                runner.run(next.get(), commands::location);
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
