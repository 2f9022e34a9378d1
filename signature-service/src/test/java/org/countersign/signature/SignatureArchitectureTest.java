package org.countersign.signature;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.axonframework.modelling.command.AggregateRoot;

@AnalyzeClasses(packages = "org.countersign", importOptions = ImportOption.DoNotIncludeTests.class)
class SignatureArchitectureTest {

    @ArchTest
    static final ArchRule the_service_knows_no_other_service = noClasses()
            .that()
            .resideInAPackage("org.countersign.signature..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.counter..", "org.countersign.notifier..", "org.countersign.cli..");

    @ArchTest
    static final ArchRule aggregates_decide_without_spring_or_a_database = noClasses()
            .that()
            .areAnnotatedWith(AggregateRoot.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "java.sql..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule the_log_knows_nothing_of_what_is_written_in_it = noClasses()
            .that()
            .resideInAPackage("..signature.log..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..signature.signing..",
                    "..signature.petition..",
                    "..signature.signer..",
                    "..signature.pages..",
                    "..signature.relay..");

    @ArchTest
    static final ArchRule nothing_depends_on_the_pages = classes()
            .that()
            .resideInAPackage("..signature.pages..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("..signature.pages..");

    @ArchTest
    static final ArchRule nothing_depends_on_the_relay = classes()
            .that()
            .resideInAPackage("..signature.relay..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("..signature.relay..");
}
