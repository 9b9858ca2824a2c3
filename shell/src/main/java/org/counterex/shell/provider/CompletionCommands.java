package org.counterex.shell.provider;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.CounterNames;
import org.counterex.shell.provider.command.CommandException;
import org.jline.reader.ParsedLine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Candidates for tab completion, requested by {@code completion.gosh}. The underscore in the name keeps the shell from
 * offering the command itself.
 */
@GogoCommand(scope = "counter", function = "_candidates")
@Component(service = CompletionCommands.class, immediate = true)
public final class CompletionCommands {

    /** Limit on the candidates of one completion: a namespace may have millions of counters. */
    private static final int MAX_CANDIDATES = 1000;

    private static final String NEEDS_QUOTES = " \t\"'\\$%#*?[]{}()<>|&;~!=`";

    private final RegistryAccess access;

    @Activate
    public CompletionCommands(@Reference RegistryAccess access) {
        this.access = access;
    }

    /**
     * Returns the candidates for the word under the cursor. Names that would have to be quoted are omitted.
     *
     * @param kinds of the arguments of the command, in order: {@code NS}, {@code KEY}, {@code BACKEND}, {@code GLOB} or
     *     {@code FILE}
     */
    @Descriptor("for tab completion: candidates for the word under the cursor")
    public List<?> _candidates(CommandSession session, @Descriptor("NS, KEY, BACKEND, GLOB, FILE") String... kinds)
            throws Exception {
        ParsedLine line = (ParsedLine) session.get(".commandLine");
        List<String> before = line.words().subList(1, line.wordIndex()).stream()
                .filter(word -> !word.startsWith("--"))
                .toList();
        if (before.size() >= kinds.length) {
            return List.of();
        }
        String kind = kinds[before.size()];
        if (kind.equals("FILE")) {
            return List.copyOf((Collection<?>) session.execute("gogo:__files"));
        }
        String typed = line.word().substring(0, line.wordCursor());
        return names(kind, before)
                .filter(name -> name.startsWith(typed) && isPlain(name))
                .distinct()
                .sorted()
                .limit(MAX_CANDIDATES)
                .toList();
    }

    private Stream<String> names(String kind, List<String> before) {
        return switch (kind) {
            case "NS" -> access.counters().namespaces().stream();
            case "KEY" -> access.counters().namespace(before.get(0)).getAll().keySet().stream();
            case "BACKEND" ->
                access.registry().backends().stream().flatMap(backend -> Stream.of(backend.type, backend.name));
            case "GLOB" -> access.registry().routes().stream().flatMap(route -> route.namespaces.stream());
            default -> throw new CommandException("unknown completion kind: kind=" + kind);
        };
    }

    private static boolean isPlain(String name) {
        return !name.startsWith("-")
                && name.codePoints().allMatch(c -> CounterNames.isPrintable(c) && NEEDS_QUOTES.indexOf(c) < 0);
    }
}
