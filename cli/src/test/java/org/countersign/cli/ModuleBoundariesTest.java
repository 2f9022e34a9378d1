package org.countersign.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules as they were compiled: the services meet in the contract and on Kafka, nowhere else. */
class ModuleBoundariesTest {

    private static final Path HOME = Path.of(System.getProperty("basedir")).getParent();
    private static final Map<String, String> PACKAGES = Map.of(
            "signature-events", "org.countersign.events..", "transparency", "org.countersign.transparency..", "embedded-stack", "org.countersign.embedded..",
            "credentials", "org.countersign.credentials..", "connections", "org.countersign.connections..",
            "signature-service", "org.countersign.signature..", "counter-projection", "org.countersign.counter..", "notifier", "org.countersign.notifier..", "cli", "org.countersign.cli..");

    private static JavaClasses classesOf(String module) {
        return new ClassFileImporter().importPath(HOME.resolve(module).resolve("target/classes"));
    }

    private static void mayKnow(String module, List<String> others) {
        JavaClasses classes = classesOf(module);
        assertThat(classes).as("compiled classes of " + module).isNotEmpty();
        String[] forbidden = PACKAGES.entrySet().stream().filter(entry -> !entry.getKey().equals(module) && !others.contains(entry.getKey()))
                .map(Map.Entry::getValue).toArray(String[]::new);
        noClasses().that().resideInAPackage(PACKAGES.get(module)).should().dependOnClassesThat().resideInAnyPackage(forbidden).check(classes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"counter-projection", "notifier"})
    void a_service_knows_the_contract_and_no_other_service(String service) {
        mayKnow(service, List.of("signature-events", "credentials", "connections"));
    }

    @ParameterizedTest
    @ValueSource(strings = "signature-service")
    void who_keeps_the_log_knows_how_it_is_made_public(String service) {
        mayKnow(service, List.of("signature-events", "transparency", "credentials", "connections"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-events", "transparency", "credentials", "connections", "embedded-stack"})
    void the_contract_the_trees_and_the_embedded_servers_know_nobody(String module) {
        mayKnow(module, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = "cli")
    void the_command_talks_to_the_services_from_outside(String module) {
        mayKnow(module, List.of("embedded-stack", "transparency"));
    }
}
