package org.countersign.notifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.countersign", importOptions = ImportOption.DoNotIncludeTests.class)
class NotifierArchitectureTest {

    @ArchTest
    static final ArchRule the_service_knows_no_other_service = noClasses()
            .that()
            .resideInAPackage("org.countersign.notifier..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.signature..", "org.countersign.counter..", "org.countersign.cli..");
}
