package org.counterex.console.provider;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.felix.gogo.runtime.Closure;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.Token;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.JobListener;

/**
 * Sequential executor of the commands of a program that prints each result immediately. Gogo itself prints only the
 * last result, and treats an error status, or an exception in any but the last part of a pipe, as success.
 *
 * <p>An assignment or an empty result prints nothing.
 *
 * <p><b>Threads.</b> One thread runs commands; jobs notify it from their own threads.
 */
final class CommandRunner implements JobListener {

    /** Execution of one command by a session. */
    interface Execution {

        /** @throws Exception the command failed */
        Object execute(CharSequence command) throws Exception;
    }

    private final CommandSession session;
    private final Execution execution;
    private final PrintStream results;
    private final Optional<CommandErrors> errors;

    /** Status of the last command in the foreground. */
    private volatile int status;

    /**
     * @param session its job listener must forward to this one
     * @param errors standard error output of commands; empty if the user sees it, so that it needs no further message
     */
    CommandRunner(CommandSession session, Execution execution, PrintStream results, Optional<CommandErrors> errors) {
        this.session = session;
        this.execution = execution;
        this.results = results;
        this.errors = errors;
    }

    /**
     * Runs a program.
     *
     * @param location returns the location in the input for an index in the program
     * @throws CommandFailure a command failed; earlier commands are complete, later ones were not started
     * @throws ExitRequest a command requested the end
     */
    void run(Program program, IntFunction<String> location) throws CommandFailure {
        List<Executable> parts = program.tokens();
        boolean succeeded = true;
        CharSequence before = ";";
        for (int i = 0; i < parts.size(); i += 2) {
            Executable command = parts.get(i);
            // Commands and separators alternate.
            List<Executable> withNext = parts.subList(i, Math.min(i + 2, parts.size()));
            CharSequence after = withNext.size() == 2 ? withNext.get(1) : ";";
            boolean runs = Token.eq("&&", before) ? succeeded : !Token.eq("||", before) || !succeeded;
            if (runs) {
                List<Executable> alone = Token.eq("&", after) ? withNext : List.of(command);
                boolean statusHandled = Token.eq("&&", after) || Token.eq("||", after);
                try {
                    succeeded = run(command, new Program(program, alone), statusHandled);
                } catch (CommandFailure e) {
                    throw e.at(location.apply(command.start()));
                }
            }
            before = after;
        }
    }

    /** Waits for background jobs, one by one, each with access to the rest of the input. */
    void awaitJobs() throws InterruptedException {
        for (Job job : List.copyOf(session.jobs())) {
            synchronized (job) {
                if (job.status() != Job.Status.Done) {
                    // A background job that reads would wait for this forever.
                    job.foreground();
                }
                while (job.status() != Job.Status.Done) {
                    job.wait();
                }
            }
        }
    }

    @Override
    public void jobChanged(Job job, Job.Status previous, Job.Status current) {
        if (job.parent() == null && previous == Job.Status.Foreground && current == Job.Status.Done) {
            status = job.result().error();
        }
    }

    /** @param statusHandled whether the program itself handles an error status */
    private boolean run(Executable command, Program alone, boolean statusHandled) throws CommandFailure {
        status = 0;
        Object result;
        try {
            result = execution.execute(alone);
        } catch (ExitRequest e) {
            throw e;
        } catch (Exception e) {
            throw CommandFailure.of(command, e);
        }
        if (session.get(Closure.PIPE_EXCEPTION) instanceof Exception e) {
            throw CommandFailure.of(command, e.getSuppressed()[0]);
        }
        String errorOutput = errors.map(CommandErrors::take).orElse("");
        if (status != 0 && !statusHandled && errors.isPresent()) {
            throw CommandFailure.of(command, status, errorOutput);
        }
        if (!isAssignment(command)) {
            show(command, result);
        }
        return status == 0;
    }

    private static boolean isAssignment(Executable command) {
        return command instanceof Statement statement
                && statement.tokens().size() > 1
                && Token.eq("=", statement.tokens().get(1));
    }

    private void show(Executable command, Object result) throws CommandFailure {
        if (result == null) {
            return;
        }
        CharSequence text;
        try {
            text = session.format(result, Converter.INSPECT);
        } catch (RuntimeException e) {
            // Gogo 1.1.6 cannot print the closure "{ ;}", for example.
            throw CommandFailure.unprintableResult(command, e);
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        if (end > 0) {
            results.print(text.subSequence(0, end) + "\n");
        }
    }
}
