package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

import java.util.Map;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNamespace;
import org.counterex.shell.provider.command.Arguments;
import org.counterex.shell.provider.command.Command;
import org.counterex.shell.provider.format.Counts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands that read and change counters, such as {@code counter:inc}. */
@GogoCommand(
        scope = "counter",
        function = {"inc", "get", "set", "reset", "delete", "cas", "all", "drain", "clear", "top"})
@Component(service = CountingCommands.class, immediate = true)
public final class CountingCommands {

    private static final String INC = "inc NS KEY [STEP] [--initial N]";
    private static final String GET = "get NS KEY";
    private static final String SET = "set NS KEY VALUE";
    private static final String RESET = "reset NS KEY [VALUE]";
    private static final String DELETE = "delete NS KEY";
    private static final String CAS = "cas NS KEY EXPECTED NEW";
    private static final String ALL = "all NS";
    private static final String DRAIN = "drain NS";
    private static final String CLEAR = "clear NS";
    private static final String TOP = "top NS [N]";

    private final RegistryAccess access;

    @Activate
    public CountingCommands(@Reference RegistryAccess access) {
        this.access = access;
    }

    @Descriptor("add to a counter and show its new value; creates an absent counter")
    public long inc(
            @Descriptor(INC + LINE + "STEP       amount to add; 1 by default, may be negative"
                            + LINE + "--initial  value before the step if the counter is absent; 0 by default"
                            + LINE + "--         end of options: counter:inc http -- --name")
                    String... words) {
        return Command.run(
                INC,
                words,
                arguments -> namespace(arguments)
                        .inc(arguments.text("KEY"), arguments.number("STEP", 1), arguments.number("--initial", 0)));
    }

    @Descriptor("show the value of a counter, or: absent")
    public Object get(@Descriptor(GET) String... words) {
        return Command.run(GET, words, arguments -> {
            var value = namespace(arguments).get(arguments.text("KEY"));
            return value.isPresent() ? value.getAsLong() : "absent";
        });
    }

    @Descriptor("set a counter to a value and show it; creates an absent counter")
    public long set(@Descriptor(SET) String... words) {
        return Command.run(
                SET, words, arguments -> namespace(arguments).set(arguments.text("KEY"), arguments.number("VALUE")));
    }

    @Descriptor("reset a counter to its initial value and show it; creates an absent counter")
    public long reset(@Descriptor(RESET + LINE + "VALUE  0 by default") String... words) {
        return Command.run(
                RESET,
                words,
                arguments -> namespace(arguments).reset(arguments.text("KEY"), arguments.number("VALUE")));
    }

    @Descriptor("remove a counter; an absent counter is not an error")
    public void delete(@Descriptor(DELETE) String... words) {
        Command.run(DELETE, words, arguments -> {
            namespace(arguments).delete(arguments.text("KEY"));
            return null;
        });
    }

    @Descriptor("set a counter if it has the expected value, and show: swapped NEW, or: mismatch VALUE")
    public String cas(
            @Descriptor(CAS + LINE + "An absent counter has the value 0; a mismatch does not create it.")
                    String... words) {
        return Command.run(CAS, words, arguments -> {
            CasResult result = namespace(arguments)
                    .compareAndSwap(arguments.text("KEY"), arguments.number("EXPECTED"), arguments.number("NEW"));
            return (result.swapped() ? "swapped " : "mismatch ") + result.value();
        });
    }

    @Descriptor("list all counters with their values, by name")
    public Map<String, Long> all(
            @Descriptor(ALL + LINE + "Control characters appear as Unicode escapes; counter:export is exact.")
                    String... words) {
        return Command.run(
                ALL, words, arguments -> Counts.byKey(namespace(arguments).getAll()));
    }

    @Descriptor("remove all counters and show their final values; each addition appears in exactly one drain")
    public Map<String, Long> drain(@Descriptor(DRAIN) String... words) {
        return Command.run(
                DRAIN, words, arguments -> Counts.byKey(namespace(arguments).drain()));
    }

    @Descriptor("remove all counters")
    public void clear(@Descriptor(CLEAR) String... words) {
        Command.run(CLEAR, words, arguments -> {
            namespace(arguments).deleteAll();
            return null;
        });
    }

    @Descriptor("list the counters with the highest values")
    public Map<String, Long> top(@Descriptor(TOP + LINE + "N  number of counters; 10 by default") String... words) {
        return Command.run(TOP, words, arguments -> {
            long limit = arguments.number("N", 10, 1, Long.MAX_VALUE);
            return Counts.highest(namespace(arguments).getAll(), limit);
        });
    }

    private CounterNamespace namespace(Arguments arguments) {
        return access.counters().namespace(arguments.text("NS"));
    }
}
