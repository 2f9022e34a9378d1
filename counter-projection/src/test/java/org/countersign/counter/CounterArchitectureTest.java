package org.countersign.counter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.countersign", importOptions = ImportOption.DoNotIncludeTests.class)
class CounterArchitectureTest {

    @ArchTest
    static final ArchRule the_service_knows_no_other_service = noClasses()
            .that()
            .resideInAPackage("org.countersign.counter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.signature..", "org.countersign.notifier..", "org.countersign.cli..");

    @ArchTest
    static final ArchRule counting_needs_no_web = noClasses()
            .that()
            .resideInAPackage("..counter.counting..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.web..");
}
