package org.counterex.web.provider;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.BeforeClass;
import org.junit.Test;

/** The directions of dependencies between the packages of this bundle. */
public class ArchitectureTest {

    private static final String ROOT = "org.counterex.web.provider";

    private static JavaClasses classes;

    @BeforeClass
    public static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    public void packages_dependDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("component")
                .definedBy(ROOT)
                .layer("api")
                .definedBy(ROOT + ".api")
                .layer("metrics")
                .definedBy(ROOT + ".metrics")
                .layer("live")
                .definedBy(ROOT + ".live")
                .layer("http")
                .definedBy(ROOT + ".http")
                .layer("json")
                .definedBy(ROOT + ".json")
                .whereLayer("component")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("component")
                .whereLayer("metrics")
                .mayOnlyBeAccessedByLayers("component")
                .whereLayer("live")
                .mayOnlyBeAccessedByLayers("component", "api", "metrics")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("component", "api", "metrics", "live")
                .whereLayer("json")
                .mayOnlyBeAccessedByLayers("api", "live", "http")
                .check(classes);
    }

    @Test
    public void packages_haveNoCycles() {
        slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(classes);
    }
}
