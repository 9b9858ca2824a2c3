package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterListener;
import org.counterex.api.propertytypes.ListenerFilter;
import org.counterex.api.require.RequireCounters;
import org.junit.Test;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;

/** What the annotations of the API leave in packed bundles: headers, component descriptions, and no imports. */
public class ManifestIT {

    private static final String CAPABILITY =
            "osgi.implementation;osgi.implementation=counterex;version:Version=\"1.0.0\"";

    /** A caller that requires the registry and listens to two operations. */
    @RequireCounters
    @Component
    @ListenerFilter(
            namespaces = {"http*", "quiet"},
            operations = {"inc", "add"})
    public static class Listener implements CounterListener {
        @Override
        public void onOperation(CounterEvent event) {}
    }

    private static String header(Manifest manifest, String name) {
        Attributes attributes = manifest.getMainAttributes();
        return attributes.getValue(name) == null ? "" : attributes.getValue(name);
    }

    /** Asserts that nothing which is needed only at build time is imported. */
    private static void assertImportsNoAnnotations(String bundle, Manifest manifest) {
        String imports = header(manifest, Constants.IMPORT_PACKAGE);
        for (String name :
                new String[] {"org.jspecify", "org.counterex.api.propertytypes", "org.counterex.api.require"}) {
            assertFalse(bundle + " imports " + imports, imports.contains(name));
        }
    }

    private static Manifest manifest(Path jar) throws IOException {
        try (JarInputStream content = new JarInputStream(Files.newInputStream(jar))) {
            return content.getManifest();
        }
    }

    @Test
    public void bundles_ofOurs_importNoAnnotations() throws IOException {
        int seen = 0;
        for (Path jar : Jars.packed()) {
            if (jar.getFileName().toString().startsWith("org.counterex.")) {
                assertImportsNoAnnotations(jar.toString(), manifest(jar));
                seen++;
            }
        }
        assertTrue("bundles " + seen, seen >= 5);
    }

    @Test
    public void registry_alone_providesTheImplementation() throws IOException {
        for (Path jar : Jars.packed()) {
            String name = jar.getFileName().toString();
            assertEquals(
                    name,
                    name.startsWith("org.counterex.registry-"),
                    header(manifest(jar), Constants.PROVIDE_CAPABILITY).contains(CAPABILITY));
        }
    }

    @Test
    public void backends_importTheContract_asConsumers() throws IOException {
        int seen = 0;
        for (Path jar : Jars.packed()) {
            if (jar.getFileName().toString().startsWith("org.counterex.backend.")) {
                String imports = header(manifest(jar), Constants.IMPORT_PACKAGE);
                assertTrue(imports, imports.contains("org.counterex.api.backend;version=\"[1.0,2)\""));
                assertTrue(imports, imports.contains("org.counterex.api.backend.table;version=\"[1.0,1.1)\""));
                seen++;
            }
        }
        assertTrue("backends " + seen, seen >= 4);
    }

    @Test
    public void listener_withAnnotations_requiresAndFilters() throws IOException {
        try (JarInputStream jar = new JarInputStream(Jars.component(Listener.class))) {
            Manifest manifest = jar.getManifest();
            assertImportsNoAnnotations("listener", manifest);
            String required = header(manifest, Constants.REQUIRE_CAPABILITY);
            assertTrue(
                    required,
                    required.contains("osgi.implementation;"
                            + "filter:=\"(&(osgi.implementation=counterex)(version>=1.0.0)(!(version>=2.0.0)))\""));
            String component = component(jar);
            assertTrue(component, has(component, "counterex.listener.namespaces", "http*\nquiet"));
            assertTrue(component, has(component, "counterex.listener.operations", "inc\nadd"));
        }
    }

    @Test
    public void backend_withAnnotation_isOfThatType() throws IOException {
        try (JarInputStream jar = new JarInputStream(Jars.thirdParty())) {
            Manifest manifest = jar.getManifest();
            assertImportsNoAnnotations("backend", manifest);
            String component = component(jar);
            assertTrue(component, component.contains("name=\"counterex.backend\" type=\"String\" value=\"map\""));
            assertTrue(component, component.contains("name=\"counterex.retention\" type=\"String\" value=\"none\""));
            assertFalse(component, component.contains("counterex.namespaces"));
        }
    }

    private static String component(JarInputStream jar) throws IOException {
        for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
            if (entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml")) {
                return new String(jar.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no component description");
    }

    private static boolean has(String component, String property, String values) {
        return component.contains("<property name=\"" + property + "\" type=\"String\">" + values + "</property>");
    }
}
