package org.counterex.registry.provider;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AccessibleObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.Test;

/** Rules for the dependencies and calls of all classes of the registry and the API. */
public class ArchitectureTest {

    private static final String REGISTRY = "org.counterex.registry.provider";

    /**
     * The packages of the registry, from the highest layer to the lowest; packages of one layer are independent of each
     * other.
     */
    private static final List<List<String>> LAYERS = List.of(
            List.of(REGISTRY),
            List.of(REGISTRY + ".admin"),
            List.of(REGISTRY + ".migration"),
            List.of(REGISTRY + ".namespace"),
            List.of(REGISTRY + ".placement", REGISTRY + ".routing", REGISTRY + ".event"),
            List.of(REGISTRY + ".backend", REGISTRY + ".snapshot"));

    private static JavaClasses classes;

    @BeforeClass
    public static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.counterex.registry", "org.counterex.api");
    }

    @Test
    public void noClass_usesPlatformInternals() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk..", "com.sun..")
                .check(classes);
        noClasses()
                .should()
                .callMethod(AccessibleObject.class, "setAccessible", boolean.class)
                .orShould()
                .callMethod(
                        "java.lang.invoke.MethodHandles",
                        "privateLookupIn",
                        Class.class.getName(),
                        "java.lang.invoke.MethodHandles$Lookup")
                .check(classes);
    }

    @Test
    public void noClass_dependsOnABackend() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.counterex.backend..")
                .check(classes);
    }

    @Test
    public void api_dependsOnNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage("org.counterex.api..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("org.counterex.api..", "java..", "org.osgi..", "org.jspecify.annotations")
                .check(classes);
    }

    @Test
    public void callersApi_dependsOnNeitherBackendNorAdmin() {
        noClasses()
                .that()
                .resideInAPackage("org.counterex.api")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.counterex.api.backend", "org.counterex.api.admin")
                .check(classes);
    }

    @Test
    public void registry_dependsOnLowerLayersOnly() {
        List<String> sameOrHigher = new ArrayList<>();
        for (List<String> layer : LAYERS) {
            sameOrHigher.addAll(layer);
            for (String name : layer) {
                noClasses()
                        .that()
                        .resideInAPackage(name)
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(sameOrHigher.toArray(String[]::new))
                                .and(not(resideInAPackage(name))))
                        .because("dependencies run downwards in " + LAYERS)
                        .check(classes);
            }
        }
    }

    /** A new package has to be assigned to a layer. */
    @Test
    public void registry_hasNoPackageOutsideTheLayers() {
        classes()
                .that()
                .resideInAPackage("org.counterex.registry..")
                .should()
                .resideInAnyPackage(LAYERS.stream().flatMap(List::stream).toArray(String[]::new))
                .check(classes);
    }

    @Test
    public void packages_haveNoCycles() {
        slices().matching("org.counterex.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    public void noClass_callsSleep() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(classes);
    }
}
