package org.countersign.signature;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.countersign", importOptions = ImportOption.DoNotIncludeTests.class)
class SignatureArchitectureTest {

    @ArchTest
    static final ArchRule the_service_knows_no_other_service = noClasses()
            .that()
            .resideInAPackage("org.countersign.signature..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.counter..", "org.countersign.notifier..", "org.countersign.cli..");

    /** Nothing else is allowed, so no helper can bring in Spring, HTTP, SQL or Kafka. */
    @ArchTest
    static final ArchRule the_domain_depends_on_events_and_axon_alone = classes()
            .that()
            .resideInAPackage("..signature.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "..signature.domain..",
                    "org.countersign.events..",
                    "java.lang..",
                    "java.time..",
                    "java.util..",
                    "org.axonframework..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule the_event_log_does_not_know_its_users = noClasses()
            .that()
            .resideInAPackage("..signature.eventlog..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..signature.application..",
                    "..signature.personaldata..",
                    "..signature.api..",
                    "..signature.web..",
                    "..signature.relay..",
                    "..signature.publiclog..",
                    "..signature.audit..",
                    "..signature.export..");

    @ArchTest
    static final ArchRule api_and_web_do_not_reach_the_event_log = noClasses()
            .that()
            .resideInAnyPackage("..signature.api..", "..signature.web..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..signature.eventlog..");

    @ArchTest
    static final ArchRule nothing_depends_on_the_pages = classes()
            .that()
            .resideInAPackage("..signature.web..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("..signature.web..");

    @ArchTest
    static final ArchRule only_pages_depend_on_the_api = classes()
            .that()
            .resideInAPackage("..signature.api..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAnyPackage("..signature.api..", "..signature.web..");

    @ArchTest
    static final ArchRule nothing_depends_on_the_relay = classes()
            .that()
            .resideInAPackage("..signature.relay..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("..signature.relay..");

    @ArchTest
    static final ArchRule the_rooms_of_the_service_have_no_cycles =
            slices().matching("org.countersign.signature.(*)..").should().beFreeOfCycles();
}
