package org.countersign.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dependencies between the compiled modules. */
class ModuleBoundariesTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();

    /** A module's packages, and the modules that it may depend on. */
    private record Module(String packages, Set<String> mayDependOn) {

        private static Module of(String packages, String... mayDependOn) {
            return new Module(packages, Set.of(mayDependOn));
        }
    }

    /** Modules that hold tests alone have no compiled main classes to check. */
    private static final Set<String> TEST_MODULES = Set.of("testing/system-tests", "testing/chart-tests");

    private static final Map<String, Module> MODULES = Map.ofEntries(
            Map.entry("libs/signature-events", Module.of("org.countersign.events..")),
            Map.entry("libs/counting", Module.of("org.countersign.counting..", "libs/signature-events")),
            Map.entry("libs/transparency-log", Module.of("org.countersign.transparency..")),
            Map.entry("libs/mail-data", Module.of("org.countersign.maildata..")),
            Map.entry("libs/service-support", Module.of("org.countersign.support..")),
            Map.entry(
                    "signature-service",
                    Module.of(
                            "org.countersign.signature..",
                            "libs/signature-events",
                            "libs/counting",
                            "libs/transparency-log",
                            "libs/mail-data",
                            "libs/service-support")),
            Map.entry(
                    "counter-projection",
                    Module.of(
                            "org.countersign.counter..",
                            "libs/signature-events",
                            "libs/counting",
                            "libs/service-support")),
            Map.entry(
                    "notifier",
                    Module.of(
                            "org.countersign.notifier..",
                            "libs/signature-events",
                            "libs/counting",
                            "libs/mail-data",
                            "libs/service-support")),
            Map.entry("tools/local-stack", Module.of("org.countersign.localstack..")),
            Map.entry("tools/load-test", Module.of("org.countersign.loadtest..", "tools/local-stack")),
            Map.entry(
                    "tools/fault-test",
                    Module.of("org.countersign.faulttest..", "tools/local-stack", "libs/transparency-log")),
            Map.entry(
                    "tools/cli",
                    Module.of(
                            "org.countersign.cli..",
                            "tools/local-stack",
                            "tools/load-test",
                            "tools/fault-test",
                            "libs/transparency-log",
                            "libs/counting")),
            Map.entry(
                    "tools/benchmarks",
                    Module.of(
                            "org.countersign.benchmarks..",
                            "tools/cli",
                            "tools/local-stack",
                            "tools/load-test",
                            "libs/signature-events",
                            "libs/service-support",
                            "libs/counting",
                            "signature-service")),
            Map.entry("testing/test-kit", Module.of("org.countersign.testkit..", "tools/local-stack")));

    static Set<String> modules() {
        return MODULES.keySet();
    }

    private static JavaClasses classesOf(String module) {
        return new ClassFileImporter().importPath(HOME.resolve(module).resolve("target/classes"));
    }

    @Test
    void the_rules_cover_every_module() throws IOException {
        List<String> declared = RepositoryConventionsTest.modules();
        Set<String> covered = new HashSet<>(MODULES.keySet());
        covered.addAll(TEST_MODULES);
        assertThat(declared).containsExactlyInAnyOrderElementsOf(covered);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void a_module_depends_only_on_the_modules_it_may(String name) {
        Module module = MODULES.get(name);
        JavaClasses classes = classesOf(name);
        assertThat(classes).as("compiled classes of " + name).isNotEmpty();
        String[] forbidden = MODULES.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().equals(name) && !module.mayDependOn().contains(entry.getKey()))
                .map(entry -> entry.getValue().packages())
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(classes);
    }

    @Test
    void no_library_depends_on_a_service() {
        assertThat(MODULES).allSatisfy((name, module) -> {
            if (name.startsWith("libs/")) {
                assertThat(module.mayDependOn()).allMatch(other -> other.startsWith("libs/"));
            }
        });
    }

    @Test
    void the_module_graph_has_no_cycle() {
        MODULES.keySet()
                .forEach(module -> assertThat(reachable(module))
                        .as("modules below " + module)
                        .doesNotContain(module));
    }

    private static Set<String> reachable(String module) {
        Set<String> found = new HashSet<>();
        for (String below : MODULES.get(module).mayDependOn()) {
            found.add(below);
            found.addAll(reachable(below));
        }
        return found;
    }
}
