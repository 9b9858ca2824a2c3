package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.counterex.api.Counters;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.BackendRegistry;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LoggerFactory;

/** MBeans, health checks, log and web console page of the counters, each in the software that runs it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ManagementIT {

    private static final String JMX = "org.counterex.jmx";
    private static final String ATOMICS_PID = "org.counterex.backend.atomics";
    private static final String HTTP_RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";
    private static final List<String> HOSTILE =
            List.of("a,b=c:d", "*?", "\"\\\n", "<script>", "\u202e\ud83d\ude00", " ", "default");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @Inject
    private BundleContext context;

    private Platform platform;

    @Configuration
    public Option[] configuration() throws IOException {
        List<Option> options = new ArrayList<>(List.of(new Container(getClass()).options()));
        Set<String> installed =
                Jars.packed().stream().map(jar -> jar.getFileName().toString()).collect(Collectors.toSet());
        try (DirectoryStream<Path> more =
                Files.newDirectoryStream(Path.of(System.getProperty("counterex.management")), "*.jar")) {
            for (Path jar : more) {
                if (!installed.contains(jar.getFileName().toString())) {
                    options.add(bundle(jar.toUri().toString()).startLevel(Container.startLevel(jar)));
                }
            }
        }
        options.add(frameworkProperty("org.apache.felix.http.host").value("127.0.0.1"));
        options.add(frameworkProperty("org.osgi.service.http.port").value("0"));
        return options.toArray(Option[]::new);
    }

    @Before
    public void findPlatform() {
        platform = new Platform(context);
        counters();
    }

    @After
    public void restoreBackends() throws Exception {
        for (String name :
                List.of("backend.ets", "backend.atomics", "backend.counters", "backend.mvstore", "registry")) {
            platform.bundle("org.counterex." + name).start();
        }
        Await.until(
                () -> registry().backends().size() == 4,
                () -> registry().backends().toString());
        AuditTrail.awaitSettled(registry());
        for (String name : counters().namespaces()) {
            counters().namespace(name).deleteAll();
        }
    }

    private Counters counters() {
        return platform.service(Counters.class);
    }

    private BackendRegistry registry() {
        return platform.service(BackendRegistry.class);
    }

    // MBeans

    private static ObjectName bean(String namespace) throws JMException {
        return new ObjectName("org.counterex:type=Namespace,name=" + ObjectName.quote(namespace));
    }

    private Set<ObjectName> beans(String type) throws JMException {
        return server.queryNames(new ObjectName("org.counterex:type=" + type + ",*"), null);
    }

    private void awaitBeans(Set<String> namespaces) {
        Await.until(() -> namespaces.equals(beanNames()), () -> beanNames().toString());
    }

    private Set<String> beanNames() {
        try {
            Set<String> names = new TreeSet<>();
            for (ObjectName bean : beans("Namespace")) {
                names.add(ObjectName.unquote(bean.getKeyProperty("name")));
            }
            return names;
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private Object call(ObjectName bean, String operation, Object... arguments) throws JMException {
        String[] types = Arrays.stream(arguments)
                .map(argument -> argument instanceof Long
                        ? "long"
                        : argument instanceof Integer
                                ? "int"
                                : argument.getClass().getName())
                .toArray(String[]::new);
        return server.invoke(bean, operation, arguments, types);
    }

    @Test
    public void beans_ofHostileNames_readAndChangeCounters() throws Exception {
        for (String namespace : HOSTILE) {
            for (String key : HOSTILE) {
                counters().namespace(namespace).set(key, Long.MAX_VALUE);
            }
        }
        awaitBeans(Set.copyOf(HOSTILE));
        for (String namespace : HOSTILE) {
            ObjectName bean = bean(namespace);
            assertEquals(namespace, server.getAttribute(bean, "Namespace"));
            assertEquals((long) HOSTILE.size(), server.getAttribute(bean, "Counters"));
            assertEquals(
                    BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(HOSTILE.size())),
                    server.getAttribute(bean, "Total"));
            assertEquals("ets/ets", server.getAttribute(bean, "Backend"));
            for (String key : HOSTILE) {
                assertEquals(Long.MAX_VALUE, call(bean, "get", key));
                assertEquals(-5L, call(bean, "set", key, -5L));
                assertEquals(-5, counters().namespace(namespace).get(key).orElse(0));
                assertEquals(0L, call(bean, "reset", key));
            }
            assertEquals(null, call(bean, "get", "absent"));
        }
        counters().namespace("*?").deleteAll();
        Set<String> others = new TreeSet<>(HOSTILE);
        others.remove("*?");
        awaitBeans(others);
    }

    @Test
    public void bean_swap_movesOrFailsWithReason() throws Exception {
        counters().namespace("moved").set("k", 3);
        awaitBeans(Set.of("moved"));
        String result = (String) call(bean("moved"), "swap", "atomics");
        assertTrue(result, result.startsWith("namespace moved moved: from=ets/ets to=atomics/atomics cause=swap"));
        assertEquals("atomics/atomics", server.getAttribute(bean("moved"), "Backend"));
        Exception refused = assertThrows(Exception.class, () -> call(bean("moved"), "swap", "nosuch"));
        assertEquals(JMException.class, refused.getCause().getClass());
        assertTrue(refused.getCause().getMessage().startsWith("no active backend matches: backend='nosuch'"));
        ObjectName all = new ObjectName("org.counterex:type=Registry");
        assertEquals(3L, call(all, "get", "moved", "k"));
        assertEquals(1, server.getAttribute(all, "Namespaces"));
        assertEquals(result, ((String[]) server.getAttribute(all, "Moves"))[0]);
        registry().unroute("moved");
    }

    @Test
    public void beans_ofTooManyNamespaces_areTruncated() throws Exception {
        for (int i = 0; i < 1_001; i++) {
            counters().namespace(String.format("n%04d", i)).inc("k");
        }
        Await.until(() -> beanNames().size() == 1_000, () -> beanNames().size() + " beans");
        ObjectName all = new ObjectName("org.counterex:type=Registry");
        assertEquals(true, server.getAttribute(all, "NamespaceBeansTruncated"));
        assertFalse(beanNames().contains("n1000"));
        assertEquals(1L, call(all, "get", "n1000", "k"));
    }

    @Test
    public void stop_removesBeansAndThread() throws Exception {
        counters().namespace("kept").inc("k");
        awaitBeans(Set.of("kept"));
        Bundle jmx = platform.bundle(JMX);
        jmx.stop();
        assertEquals(Set.of(), server.queryNames(new ObjectName("org.counterex:*"), null));
        // An executor terminates before its thread ends.
        Await.until(
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("counterex-jmx")),
                () -> "thread still alive: name=counterex-jmx");
        jmx.start();
        awaitBeans(Set.of("kept"));
        platform.bundle("org.counterex.registry").stop();
        assertEquals(Set.of(), server.queryNames(new ObjectName("org.counterex:*"), null));
    }

    // health checks

    /** Executes a check and returns its result, bypassing the cache. */
    private Result check(String name) {
        HealthCheckExecutor executor = platform.service(HealthCheckExecutor.class);
        List<HealthCheckExecutionResult> results = executor.execute(
                HealthCheckSelector.tags("counterex"),
                new HealthCheckExecutionOptions().setForceInstantExecution(true));
        assertEquals(4, results.size());
        return results.stream()
                .filter(result -> result.getHealthCheckMetadata().getName().equals("CounterEx: " + name))
                .map(HealthCheckExecutionResult::getHealthCheckResult)
                .findFirst()
                .orElseThrow();
    }

    private void assertCheck(Result.Status status, String part, String name) {
        Result result = check(name);
        assertEquals(result.toString(), status, result.getStatus());
        assertTrue(result.toString(), result.toString().contains(part));
    }

    @Test
    public void check_ofNoBackend_reportsParked() throws Exception {
        counters().namespace("parked").inc("k");
        assertCheck(Result.Status.OK, "every namespace has a backend", "no backend");
        for (String backend : List.of("atomics", "counters", "ets")) {
            platform.bundle("org.counterex.backend." + backend).stop();
        }
        assertCheck(
                Result.Status.WARN, "namespace parked has no backend, counters are parked: counters=1", "no backend");
    }

    @Test
    public void check_ofRefusedMove_reportsUntilTheNext() throws Exception {
        platform.configure(ATOMICS_PID, Map.of("capacity", 2L));
        awaitCapacityOfAtomics(2);
        for (int i = 0; i < 3; i++) {
            counters().namespace("large").inc("k" + i);
        }
        assertCheck(Result.Status.OK, "no move was refused", "move refused");
        assertThrows(MoveRefusedException.class, () -> registry().swap("large", "atomics"));
        assertCheck(Result.Status.WARN, "namespace large was not moved: outcome=refused", "move refused");
        registry().swap("large", "counters");
        assertCheck(Result.Status.OK, "no move was refused", "move refused");
        registry().unroute("large");
        platform.deleteConfiguration(ATOMICS_PID);
        awaitCapacityOfAtomics(1000);
    }

    private void awaitCapacityOfAtomics(long capacity) {
        Await.until(
                () -> registry().backends().stream()
                        .anyMatch(backend -> backend.type.equals("atomics")
                                && Long.valueOf(capacity).equals(backend.capacity)),
                () -> registry().backends().toString());
    }

    @Test
    public void check_ofCapacity_reportsNearlyFull() throws Exception {
        counters().namespace("full").inc("k");
        registry().swap("full", "atomics");
        assertCheck(Result.Status.OK, "capacity is sufficient", "capacity");
        for (int i = 0; i < 949; i++) {
            counters().namespace("full").inc("k" + i);
        }
        assertCheck(
                Result.Status.WARN, "namespace full is nearly full: backend=atomics/atomics counters=950", "capacity");
        registry().unroute("full");
    }

    @Test
    public void check_ofUnavailable_reportsDetached() throws Exception {
        counters().namespace("kept").inc("k");
        registry().swap("kept", "mvstore");
        assertCheck(Result.Status.OK, "every backend responds", "backend unavailable");
        platform.bundle("org.counterex.backend.mvstore").stop();
        assertCheck(
                Result.Status.CRITICAL,
                "backend is unavailable: backend=mvstore/mvstore (detached) namespace=kept",
                "backend unavailable");
        platform.bundle("org.counterex.backend.mvstore").start();
        Await.until(
                () -> check("backend unavailable").isOk(),
                () -> check("backend unavailable").toString());
        registry().unroute("kept");
    }

    @Test
    public void checks_withoutARegistry_areCritical() throws Exception {
        platform.bundle("org.counterex.registry").stop();
        for (String name : List.of("no backend", "move refused", "capacity", "backend unavailable")) {
            assertCheck(Result.Status.CRITICAL, "the registry is not running", name);
        }
    }

    // log

    @Test
    public void log_ofRestartedBackend_hasEachChange() throws Exception {
        Logged log = new Logged("info");
        ServiceRegistration<LoggerFactory> service =
                platform.register(LoggerFactory.class, log.service(), Map.of(Constants.SERVICE_RANKING, 1));
        try {
            awaitLine(
                    log,
                    "backend arrived: backend=atomics/atomics retention=none claims=[] bundle=org.counterex.backend.atomics ");
            counters().namespace("lonely").inc("k");
            registry().swap("lonely", "atomics");
            Bundle atomics = platform.bundle("org.counterex.backend.atomics");
            atomics.stop();
            awaitLine(log, "namespace lonely moved: from=atomics/atomics to=ets/ets cause=unbind of atomics/atomics");
            awaitLine(log, "backend left: backend=atomics/atomics");
            atomics.start();
            awaitLine(log, "namespace lonely moved: from=ets/ets to=atomics/atomics cause=bind of atomics/atomics");
        } finally {
            service.unregister();
            registry().unroute("lonely");
        }
    }

    private static void awaitLine(Logged log, String start) {
        Await.until(
                () -> log.lines().stream().anyMatch(line -> line.startsWith(start)),
                () -> "not logged: " + start + " lines=" + log.lines());
    }

    // web console

    @Test
    public void page_inRealConsole_escapesNames() throws Exception {
        counters().namespace("<script>alert(1)</script>").inc("k");
        Await.until(() -> address() != null, () -> "no HTTP service");
        Await.until(() -> get().contains("&lt;script&gt;alert(1)&lt;/script&gt;"), this::get);
        assertFalse(get().contains("<script>alert(1)"));
    }

    private String address() {
        for (Bundle bundle : platform.bundles()) {
            ServiceReference<?>[] services = bundle.getRegisteredServices();
            for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
                if (Arrays.asList((String[]) service.getProperty("objectClass")).contains(HTTP_RUNTIME)) {
                    return ((String[]) service.getProperty("osgi.http.endpoint"))[0];
                }
            }
        }
        return null;
    }

    private String get() {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create(address())
                    .resolve("/system/console/counterex")
                    .toURL()
                    .openConnection();
            connection.setRequestProperty(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.US_ASCII)));
            return connection.getResponseCode() != 200
                    ? "status " + connection.getResponseCode()
                    : new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
