package org.counterex.itest;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * A debugger on a {@link CrashVictim}. A step is a line that the thread that moves, or the one that writes the file, comes to:
 * {@code Class.method:line}.
 */
final class CrashSteps implements AutoCloseable {

    /** Who moves namespaces and writes files. */
    private static final List<String> CLASSES = List.of(
            "org.counterex.registry.provider.migration.Mover",
            "org.counterex.registry.provider.namespace.Namespace",
            "org.counterex.registry.provider.placement.TableStore",
            "org.counterex.backend.mvstore.provider.MvstoreBackend",
            "org.counterex.backend.mvstore.provider.journal.Journal",
            "org.counterex.backend.mvstore.provider.journal.CommitSchedule",
            "org.counterex.backend.mvstore.provider.journal.TableRegister",
            "org.counterex.backend.mvstore.provider.journal.StoredTable",
            "org.counterex.backend.mvstore.provider.file.CounterFile",
            "org.counterex.backend.mvstore.provider.file.CounterMaps",
            "org.counterex.backend.mvstore.provider.file.ChecksumIndex");

    /** Where a file is told that it need not keep a namespace any more. */
    private static final String GIVEN_UP = "Journal.closed";

    private final VirtualMachine machine;
    private final CrashLedger ledger;
    private final Set<String> met = new LinkedHashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread events = new Thread(this::handleEvents, "debugger");
    private volatile String wanted;

    private CrashSteps(VirtualMachine machine, CrashLedger ledger) {
        this.machine = machine;
        this.ledger = ledger;
        events.setDaemon(true);
        events.start();
    }

    /** Attaches to a process that has begun. */
    static CrashSteps of(CrashVictim victim, CrashLedger ledger) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue("" + victim.port());
        CrashSteps steps = new CrashSteps(connector.attach(arguments), ledger);
        ledger.watched();
        return steps;
    }

    /** Notes each step from now on, once. */
    void record() throws AbsentInformationException {
        synchronized (met) {
            met.clear();
        }
        for (String name : CLASSES) {
            for (Location location : type(name).allLineLocations()) {
                request(location, EventRequest.SUSPEND_EVENT_THREAD).enable();
            }
        }
    }

    /** What was noted, in order. */
    List<String> recorded() {
        machine.eventRequestManager().deleteAllBreakpoints();
        synchronized (met) {
            return List.copyOf(met);
        }
    }

    /**
     * Stops at a step: the whole process, or the thread that comes there.
     */
    void stopAt(String step, boolean whole) throws AbsentInformationException {
        wanted = step;
        for (String name : CLASSES) {
            ReferenceType type = type(name);
            for (Location location : type.allLineLocations()) {
                String here = step(location);
                if (here.equals(step)) {
                    request(location, whole ? EventRequest.SUSPEND_ALL : EventRequest.SUSPEND_EVENT_THREAD)
                            .enable();
                }
            }
            if (name.endsWith(".Journal")) {
                Location closed = type.methodsByName("closed").get(0).location();
                request(closed, EventRequest.SUSPEND_EVENT_THREAD).enable();
            }
        }
    }

    /** Waits until it has stopped; false if it has not come there before a condition is met. */
    boolean awaitStop(BooleanSupplier end) {
        Await.until(
                () -> stopped.getCount() == 0 || end.getAsBoolean(), () -> "neither at " + wanted + " nor at the end");
        return stopped.getCount() == 0;
    }

    private ReferenceType type(String name) {
        List<ReferenceType> types = machine.classesByName(name);
        if (types.size() != 1) {
            throw new AssertionError("no class, or several: " + name);
        }
        return types.get(0);
    }

    private BreakpointRequest request(Location location, int policy) {
        BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(location);
        request.setSuspendPolicy(policy);
        return request;
    }

    private static String step(Location location) {
        String type = location.declaringType().name();
        return type.substring(type.lastIndexOf('.') + 1) + "."
                + location.method().name() + ":" + location.lineNumber();
    }

    private void handleEvents() {
        try {
            for (; ; ) {
                EventSet set = machine.eventQueue().remove();
                if (!handled(set)) {
                    set.resume();
                }
            }
        } catch (VMDisconnectedException e) {
            // It was killed.
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }

    /** Whether it stays where it is. */
    private boolean handled(EventSet set) {
        boolean stay = false;
        for (Event event : set) {
            if (event instanceof BreakpointEvent breakpoint && isOurs(breakpoint)) {
                String step = step(breakpoint.location());
                if (step.startsWith(GIVEN_UP)) {
                    ledger.givenUp();
                }
                synchronized (met) {
                    met.add(step);
                }
                event.request().disable();
                stay |= step.equals(wanted);
            }
        }
        if (stay) {
            stopped.countDown();
        }
        return stay;
    }

    private static boolean isOurs(BreakpointEvent event) {
        String thread = event.thread().name();
        return thread.equals("counterex-control")
                || thread.equals("counterex-backend-call")
                || thread.equals("counterex-mvstore");
    }

    /** Lets the process go on without a debugger. */
    @Override
    public void close() throws InterruptedException {
        try {
            machine.dispose();
        } catch (VMDisconnectedException e) {
            // It was killed.
        }
        events.join();
    }
}
