package org.counterex.registry.provider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AccessibleObject;
import org.junit.BeforeClass;
import org.junit.Test;

/** Rules for the dependencies and calls of all classes of the registry and the API. */
public class ArchitectureTest {

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
                .resideOutsideOfPackages("org.counterex.api..", "java..", "org.osgi..")
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
    public void packages_haveNoCycles() {
        slices().matching("org.counterex.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    public void noClass_callsSleep() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(classes);
    }
}
