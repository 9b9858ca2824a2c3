package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.junit.Test;

public class HelpTest {

    private static final Path COMPLETION = Path.of("src/main/gosh/completion.gosh");

    private final List<Method> commands = TestShell.components(new RegistryAccess()).stream()
            .flatMap(component -> TestShell.commands(component.getClass()))
            .filter(method -> !method.getName().equals("_candidates"))
            .toList();

    @Test
    public void commands_all_haveADescription() {
        Set<String> expected = Set.of(
                ("inc get set reset delete cas all drain clear top namespaces info backends routes route unroute swap flush moves"
                                + " explain tally watch bench export import")
                        .split(" "));
        assertEquals(expected, commands.stream().map(TestShell::function).collect(Collectors.toSet()));
    }

    @Test
    public void help_everyCommand_showsItsSynopsis() {
        for (Method command : commands) {
            Annotation[][] annotations = command.getParameterAnnotations();
            Descriptor words = (Descriptor) Arrays.stream(annotations[annotations.length - 1])
                    .filter(Descriptor.class::isInstance)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(command));
            assertTrue(words.value(), words.value().matches("(?s)" + TestShell.function(command) + "\\b.*"));
            assertTrue(words.value(), words.value().lines().allMatch(line -> line.length() <= 17 + 90));
        }
    }

    @Test
    public void completion_everyCommand_hasTheSameDescription() throws Exception {
        List<String> lines = Files.readAllLines(COMPLETION);
        for (Method command : commands) {
            String begin = "__counter " + TestShell.function(command) + " '"
                    + command.getAnnotation(Descriptor.class).value() + "' '";
            assertTrue(begin, lines.stream().anyMatch(line -> line.startsWith(begin)));
        }
    }
}
