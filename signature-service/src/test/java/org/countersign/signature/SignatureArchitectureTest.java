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
    static final ArchRule the_service_does_not_depend_on_other_services = noClasses()
            .that()
            .resideInAPackage("org.countersign.signature..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.counter..", "org.countersign.notifier..");

    /** The list is complete, so that no helper can bring in Spring, HTTP, SQL or Kafka. */
    @ArchTest
    static final ArchRule the_domain_depends_only_on_events_and_axon = classes()
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
                    "org.axonframework.commandhandling..",
                    "org.axonframework.eventsourcing..",
                    "org.axonframework.messaging..",
                    "org.axonframework.modelling.command..",
                    "org.jspecify..");

    /** The domain depends on the events. They must not bring in what the domain may not know. */
    @ArchTest
    static final ArchRule the_events_do_not_depend_on_spring_http_sql_or_kafka = noClasses()
            .that()
            .resideInAPackage("org.countersign.events..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "jakarta..",
                    "java.net.http..",
                    "java.sql..",
                    "javax.sql..",
                    "org.apache.kafka..");

    /** Clients of HTTP are allowed: an audit reads the counter. */
    @ArchTest
    static final ArchRule only_api_and_web_answer_http_requests = noClasses()
            .that()
            .resideInAPackage("..countersign.signature..")
            .and()
            .resideOutsideOfPackages("..signature.api..", "..signature.web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.servlet..", "org.springframework.http..", "org.springframework.web..");

    @ArchTest
    static final ArchRule the_event_log_does_not_depend_on_its_users = noClasses()
            .that()
            .resideInAPackage("..signature.eventlog..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..signature.application..",
                    "..signature.personaldata..",
                    "..signature.token..",
                    "..signature.api..",
                    "..signature.web..",
                    "..signature.relay..",
                    "..signature.publiclog..",
                    "..signature.audit..",
                    "..signature.export..");

    @ArchTest
    static final ArchRule api_and_web_do_not_depend_on_the_event_log = noClasses()
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
    static final ArchRule the_packages_of_the_service_have_no_cycles =
            slices().matching("org.countersign.signature.(*)..").should().beFreeOfCycles();
}
