package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.gogo.jline.Shell;
import org.jline.builtins.Completers;
import org.jline.builtins.Completers.CompletionData;
import org.jline.builtins.Completers.CompletionEnvironment;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tests of the completion script in the completer of the real line editor, set up as by the shell. */
public class CompletionTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestShell shell = new TestShell();
    private LineReader reader;

    @Before
    public void source() throws Exception {
        Builtin builtin = new Builtin();
        for (String function : List.of("complete", "__files")) {
            shell.processor.addCommand("gogo", builtin, function);
        }
        reader = LineReaderBuilder.builder()
                .terminal(new DumbTerminal(InputStream.nullInputStream(), new ByteArrayOutputStream()))
                .parser(new Parser())
                .build();
        shell.session.put(Shell.VAR_READER, reader);
        shell.session.put(Shell.VAR_COMPLETIONS, new HashMap<String, List<CompletionData>>());
        shell.run(Files.readString(Path.of("src/main/gosh/completion.gosh")));
        shell.directory(folder.getRoot().toPath());
        shell.run("counter:inc http requests; counter:inc http errors; counter:inc https a");
    }

    @After
    public void close() {
        shell.close();
    }

    @Test
    public void commands_exceptTheHelper_areCompleted() {
        List<String> offered = offered("counter:in");
        assertTrue(offered.toString(), offered.containsAll(List.of("counter:inc", "counter:info", "counter:watch")));
        assertTrue(offered.toString(), offered.stream().noneMatch(name -> name.contains("_")));
    }

    @Test
    public void namespaces_forNs_areCompleted() {
        assertEquals(List.of("http", "https"), offered("counter:all "));
        assertEquals(List.of("http", "https"), offered("counter:inc ht"));
        assertEquals(List.of("https"), offered("get https"));
        assertEquals(List.of(), offered("counter:all http "));
    }

    @Test
    public void keys_ofTheNamespace_areCompleted() {
        assertEquals(List.of("errors", "requests"), offered("counter:inc http "));
        assertEquals(List.of("requests"), offered("counter:inc http r"));
        assertEquals(List.of("a"), offered("counter:cas https "));
        assertEquals(List.of(), offered("counter:inc http requests "));
    }

    @Test
    public void backends_byTypeAndName_areCompleted() {
        assertEquals(List.of("atomics", "ets", "small"), offered("counter:swap http "));
        assertEquals(List.of("small"), offered("counter:swap http s"));
    }

    @Test
    public void routes_forGlob_areCompleted() throws Exception {
        shell.run("counter:swap http ets; counter:route 'a.*' '(x=y)'");
        assertEquals("names that require quotes are omitted", List.of("http"), offered("counter:unroute "));
    }

    @Test
    public void files_forFile_areCompleted() throws Exception {
        folder.newFile("access.log");
        assertEquals(List.of("access.log"), offered("counter:tally http acc"));
        assertEquals(List.of("access.log"), offered("counter:import http "));
    }

    @Test
    public void options_afterDashes_areCompleted() {
        assertEquals(List.of("--field", "--match", "--words"), offered("counter:tally http f --"));
        assertEquals(List.of("--initial"), offered("counter:inc http a --i"));
        assertEquals(List.of("errors", "requests"), offered("counter:tally http f --words; counter:get http "));
    }

    @Test
    public void names_requiringQuotes_areOmitted() {
        for (String name : List.of("a b", "a*", "$a", "\u001b[2J", "-a", "it's", "(a)", "caf\u00e9")) {
            shell.counters.namespace("odd").inc(name);
        }
        assertEquals(List.of("caf\u00e9"), offered("counter:get odd "));
    }

    private List<String> offered(String typed) {
        List<Candidate> candidates = new ArrayList<>();
        ParsedLine line =
                reader.getParser().parse(typed, typed.length(), org.jline.reader.Parser.ParseContext.COMPLETE);
        new Completers.Completer(environment()).complete(reader, line, candidates);
        return candidates.stream().map(Candidate::value).sorted().toList();
    }

    private CompletionEnvironment environment() {
        return new CompletionEnvironment() {
            @Override
            public java.util.Map<String, List<CompletionData>> getCompletions() {
                return Shell.getCompletions(shell.session);
            }

            @Override
            public java.util.Set<String> getCommands() {
                return Shell.getCommands(shell.session);
            }

            @Override
            public String resolveCommand(String command) {
                return Shell.resolve(shell.session, command);
            }

            @Override
            public String commandName(String command) {
                return command.substring(command.indexOf(':') + 1);
            }

            @Override
            public Object evaluate(LineReader reader, ParsedLine line, String function) throws Exception {
                shell.session.put(Shell.VAR_COMMAND_LINE, line);
                return shell.session.execute(function);
            }
        };
    }
}
