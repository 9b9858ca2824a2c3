package org.counterex.itest;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.ArrayType;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Debugger attached to a {@link CrashVictim}. A step is a line that the control thread, a backend call or the thread
 * that writes the file reaches in one of the {@link #CLASSES}: {@code Class.method:line}.
 */
final class CrashSteps implements AutoCloseable {

    /** The code that moves namespaces and writes files, as class filters of the debugger interface. */
    private static final List<String> CLASSES = List.of(
            "org.counterex.registry.provider.migration.*",
            "org.counterex.registry.provider.namespace.*",
            "org.counterex.registry.provider.placement.TableStore",
            "org.counterex.registry.provider.backend.BackendCallExecutor",
            "org.counterex.backend.mvstore.provider.*");

    private static final Set<String> THREADS =
            Set.of("counterex-control", "counterex-backend-call", "counterex-mvstore");

    /** The class and method that release a namespace from its file: the file need not retain it any longer. */
    private static final String RELEASING_CLASS = "Journal";

    private static final String RELEASING_METHOD = "closed";
    private static final String RELEASE = RELEASING_CLASS + "." + RELEASING_METHOD + ":";

    private final VirtualMachine machine;
    private final CrashLedger ledger;
    private final Set<String> reached = new LinkedHashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread events = new Thread(this::handleEvents, "debugger");

    /** The step to stop at; null while all steps are recorded. */
    private volatile String target;

    /** Whether the whole process stops at the target, or only the thread that reaches it. */
    private volatile boolean suspendAll;

    private volatile boolean releaseObserved;

    private CrashSteps(VirtualMachine machine, CrashLedger ledger) {
        this.machine = machine;
        this.ledger = ledger;
        events.setDaemon(true);
        events.start();
    }

    /** Attaches to a process that has started counting. */
    static CrashSteps of(CrashVictim victim, CrashLedger ledger) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue("" + victim.port());
        CrashSteps steps = new CrashSteps(connector.attach(arguments), ledger);
        ledger.releaseIsObserved();
        return steps;
    }

    /** Records each step from now on, once. */
    void record() {
        synchronized (reached) {
            reached.clear();
        }
        target = null;
        setBreakpoints();
    }

    /** Ends the recording and returns the steps in order. */
    List<String> recorded() {
        EventRequestManager requests = machine.eventRequestManager();
        requests.deleteEventRequests(List.copyOf(requests.classPrepareRequests()));
        requests.deleteAllBreakpoints();
        synchronized (reached) {
            return List.copyOf(reached);
        }
    }

    /**
     * Stops at a step.
     *
     * @param whole whether the whole process stops, or only the thread that reaches the step
     */
    void stopAt(String step, boolean whole) {
        suspendAll = whole;
        target = step;
        setBreakpoints();
        if (!releaseObserved) {
            throw new AssertionError("no such method: " + RELEASE);
        }
    }

    /** Waits until the process has stopped at the step; returns false if a condition is met first. */
    boolean awaitStop(BooleanSupplier end) {
        Await.until(
                () -> stopped.getCount() == 0 || end.getAsBoolean(), () -> "neither at " + target + " nor at the end");
        return stopped.getCount() == 0;
    }

    /** Sets the breakpoints in the classes that are loaded, and in the others when they are prepared. */
    private void setBreakpoints() {
        for (String filter : CLASSES) {
            ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
            request.addClassFilter(filter);
            request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            request.enable();
        }
        for (ReferenceType type : machine.allClasses()) {
            if (!(type instanceof ArrayType)
                    && type.isPrepared()
                    && CLASSES.stream().anyMatch(matches(type.name()))) {
                setBreakpoints(type);
            }
        }
    }

    private static Predicate<String> matches(String name) {
        return filter ->
                filter.endsWith("*") ? name.startsWith(filter.substring(0, filter.length() - 1)) : name.equals(filter);
    }

    private void setBreakpoints(ReferenceType type) {
        for (Location location : lines(type)) {
            if (target == null) {
                request(location, EventRequest.SUSPEND_EVENT_THREAD).enable();
            } else if (step(location).equals(target)) {
                request(location, suspendAll ? EventRequest.SUSPEND_ALL : EventRequest.SUSPEND_EVENT_THREAD)
                        .enable();
            }
        }
        if (target != null && simpleName(type).equals(RELEASING_CLASS)) {
            for (Method method : type.methodsByName(RELEASING_METHOD)) {
                request(method.location(), EventRequest.SUSPEND_EVENT_THREAD).enable();
                releaseObserved = true;
            }
        }
    }

    private static List<Location> lines(ReferenceType type) {
        try {
            return type.allLineLocations();
        } catch (AbsentInformationException e) {
            return List.of(); // a class that the VM generated, as for a lambda
        }
    }

    private BreakpointRequest request(Location location, int policy) {
        BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(location);
        request.setSuspendPolicy(policy);
        return request;
    }

    private static String step(Location location) {
        return simpleName(location.declaringType()) + "." + location.method().name() + ":" + location.lineNumber();
    }

    private static String simpleName(ReferenceType type) {
        return type.name().substring(type.name().lastIndexOf('.') + 1);
    }

    private void handleEvents() {
        try {
            for (; ; ) {
                EventSet set = machine.eventQueue().remove();
                if (!staysSuspended(set)) {
                    set.resume();
                }
            }
        } catch (VMDisconnectedException e) {
            // The process was killed.
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Handles events and returns whether the process or thread stays suspended. */
    private boolean staysSuspended(EventSet set) {
        boolean stay = false;
        for (Event event : set) {
            if (event instanceof ClassPrepareEvent prepared) {
                setBreakpoints(prepared.referenceType());
            } else if (event instanceof BreakpointEvent breakpoint
                    && THREADS.contains(breakpoint.thread().name())) {
                String step = step(breakpoint.location());
                if (step.startsWith(RELEASE)) {
                    ledger.released();
                }
                synchronized (reached) {
                    reached.add(step);
                }
                event.request().disable();
                stay |= step.equals(target);
            }
        }
        if (stay) {
            stopped.countDown();
        }
        return stay;
    }

    /** Lets the process go on without a debugger. */
    @Override
    public void close() throws InterruptedException {
        try {
            machine.dispose();
        } catch (VMDisconnectedException e) {
            // The process was killed.
        }
        events.join();
    }
}
