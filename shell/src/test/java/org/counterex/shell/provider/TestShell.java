package org.counterex.shell.provider;

import static org.junit.Assert.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Descriptor;
import org.counterex.shell.provider.format.ResultConverter;

/** Real Gogo shell with the commands of this bundle, without an OSGi framework. */
final class TestShell implements AutoCloseable {

    final MapCounters counters;
    final RecordingRegistry registry;
    final CommandProcessorImpl processor = new CommandProcessorImpl();
    final CommandSession session;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TestShell() {
        this(Integer.MAX_VALUE, InputStream.nullInputStream());
    }

    /** @param capacity number of counters that each namespace holds */
    TestShell(int capacity, InputStream in) {
        counters = new MapCounters(capacity);
        registry = new RecordingRegistry(counters);
        add(new RegistryAccess(counters, registry));
        session = processor.createSession(in, out, out);
    }

    static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(RegistryAccess access) {
        components(access)
                .forEach(component -> commands(component.getClass())
                        .forEach(method -> processor.addCommand("counter", component, function(method))));
        processor.addConverter(new ResultConverter());
    }

    static List<Object> components(RegistryAccess access) {
        return List.of(
                new CountingCommands(access),
                new AdminCommands(access),
                new TallyCommand(access),
                new WatchCommand(access, 10),
                new BenchCommand(access, 20),
                new FileCommands(access),
                new CompletionCommands(access));
    }

    /** Returns the commands of a component: the methods with a description. */
    static Stream<Method> commands(Class<?> component) {
        return Arrays.stream(component.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.isAnnotationPresent(Descriptor.class));
    }

    /** Returns the name of a command. */
    static String function(Method method) {
        return method.getName().equals("_import") ? "import" : method.getName();
    }

    void directory(Path directory) {
        session.currentDir(directory);
    }

    /** Runs commands and returns the result of the last one. */
    Object run(String commands) throws Exception {
        return session.execute(commands);
    }

    /** Runs commands and returns the result as the shell prints it, or null if it prints nothing. */
    String show(String commands) throws Exception {
        Object result = run(commands);
        return result == null ? null : session.format(result, Converter.INSPECT).toString();
    }

    /** Runs commands that fail and returns the message that the shell shows. */
    String fail(String commands) {
        return assertThrows(Exception.class, () -> run(commands)).toString();
    }

    /** Returns the output so far. */
    String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        session.close();
        processor.stop();
    }
}
