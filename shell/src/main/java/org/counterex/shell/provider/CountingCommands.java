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

/** {@code counter:inc} and what else counts. */
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

    @Descriptor("add to a counter and show its new value; an absent one is created")
    public long inc(
            @Descriptor(INC + LINE + "STEP       1 if not given; may be negative"
                            + LINE + "--initial  the value before the step if the counter is absent; 0 if not given"
                            + LINE + "--         what follows is no option: counter:inc http -- --name")
                    String... words) {
        return Command.run(
                INC,
                words,
                given ->
                        namespace(given).inc(given.text("KEY"), given.number("STEP", 1), given.number("--initial", 0)));
    }

    @Descriptor("show the value of a counter, or: absent")
    public Object get(@Descriptor(GET) String... words) {
        return Command.run(GET, words, given -> {
            var value = namespace(given).get(given.text("KEY"));
            return value.isPresent() ? value.getAsLong() : "absent";
        });
    }

    @Descriptor("give a counter a value and show it; an absent one is created")
    public long set(@Descriptor(SET) String... words) {
        return Command.run(SET, words, given -> namespace(given).set(given.text("KEY"), given.number("VALUE")));
    }

    @Descriptor("give a counter its initial value again and show it; an absent one is created")
    public long reset(@Descriptor(RESET + LINE + "VALUE  0 if not given") String... words) {
        return Command.run(RESET, words, given -> namespace(given).reset(given.text("KEY"), given.number("VALUE")));
    }

    @Descriptor("remove a counter; succeeds as well if it is absent")
    public void delete(@Descriptor(DELETE) String... words) {
        Command.run(DELETE, words, given -> {
            namespace(given).delete(given.text("KEY"));
            return null;
        });
    }

    @Descriptor("give a counter a new value if it has the expected one, and show: swapped NEW, or: mismatch VALUE")
    public String cas(
            @Descriptor(CAS + LINE + "An absent counter has the value 0; a mismatch creates none.") String... words) {
        return Command.run(CAS, words, given -> {
            CasResult result =
                    namespace(given).compareAndSwap(given.text("KEY"), given.number("EXPECTED"), given.number("NEW"));
            return (result.swapped() ? "swapped " : "mismatch ") + result.value();
        });
    }

    @Descriptor("show every counter with its value, by name")
    public Map<String, Long> all(
            @Descriptor(ALL + LINE
                            + "Characters that steer a terminal appear as Unicode escapes; counter:export is exact.")
                    String... words) {
        return Command.run(ALL, words, given -> Counts.byKey(namespace(given).getAll()));
    }

    @Descriptor("remove every counter and show the final values; each addition is in exactly one drain")
    public Map<String, Long> drain(@Descriptor(DRAIN) String... words) {
        return Command.run(DRAIN, words, given -> Counts.byKey(namespace(given).drain()));
    }

    @Descriptor("remove every counter")
    public void clear(@Descriptor(CLEAR) String... words) {
        Command.run(CLEAR, words, given -> {
            namespace(given).deleteAll();
            return null;
        });
    }

    @Descriptor("show the counters with the highest values")
    public Map<String, Long> top(@Descriptor(TOP + LINE + "N  how many; 10 if not given") String... words) {
        return Command.run(TOP, words, given -> {
            long limit = given.number("N", 10, 1, Long.MAX_VALUE);
            return Counts.highest(namespace(given).getAll(), limit);
        });
    }

    private CounterNamespace namespace(Arguments given) {
        return access.counters().namespace(given.text("NS"));
    }
}
