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
 * Runs the commands of a program one after the other, and shows the result of each at once. Gogo by itself shows the last
 * one only, and takes an error status, or an exception in the front part of a pipe, for success.
 *
 * <p>An assignment shows nothing, nor does a result that is empty.
 *
 * <p><b>Threads.</b> One runs commands; jobs report to it from their own.
 */
final class CommandRunner implements JobListener {

    /** How a session runs one command. */
    interface Execution {

        /** @throws Exception the command failed */
        Object execute(CharSequence command) throws Exception;
    }

    private final CommandSession session;
    private final Execution execution;
    private final PrintStream results;
    private final Optional<CommandErrors> errors;

    /** Of the last command in the foreground. */
    private volatile int status;

    /**
     * @param session its listener for jobs has to tell this one
     * @param errors what commands print to standard error; empty if somebody sees it, who then needs no further message
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
     * @param place of a command in the input, from where it starts in the program
     * @throws CommandFailure a command failed; those before it are done, those after it were not begun
     * @throws ExitRequest a command asked for the end
     */
    void run(Program program, IntFunction<String> place) throws CommandFailure {
        List<Executable> parts = program.tokens();
        boolean succeeded = true;
        CharSequence before = ";";
        for (int i = 0; i < parts.size(); i += 2) {
            Executable command = parts.get(i);
            // Commands and what separates them take turns.
            List<Executable> withNext = parts.subList(i, Math.min(i + 2, parts.size()));
            CharSequence after = withNext.size() == 2 ? withNext.get(1) : ";";
            boolean wanted = Token.eq("&&", before) ? succeeded : !Token.eq("||", before) || !succeeded;
            if (wanted) {
                List<Executable> alone = Token.eq("&", after) ? withNext : List.of(command);
                boolean judged = Token.eq("&&", after) || Token.eq("||", after);
                try {
                    succeeded = run(command, new Program(program, alone), judged);
                } catch (CommandFailure e) {
                    throw e.at(place.apply(command.start()));
                }
            }
            before = after;
        }
    }

    /** Waits for the commands that still run in the background, and lets them have what is left of the input, one by one. */
    void awaitJobs() throws InterruptedException {
        for (Job job : List.copyOf(session.jobs())) {
            synchronized (job) {
                if (job.status() != Job.Status.Done) {
                    // One that reads would wait for this without end.
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

    /** @param judged whether the program goes on from an error status by itself */
    private boolean run(Executable command, Program alone, boolean judged) throws CommandFailure {
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
        String said = errors.map(CommandErrors::take).orElse("");
        if (status != 0 && !judged && errors.isPresent()) {
            throw CommandFailure.of(command, status, said);
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
            // Gogo 1.1.6 cannot print the closure of "{ ;}", for one.
            throw CommandFailure.unshown(command, e);
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
