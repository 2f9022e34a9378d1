package org.countersign.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.countersign.localstack.ServiceLauncher;

/**
 * Starts the signature service by a main class of the benchmarks. Variants that are compared have the same class path
 * and no class data archive, so that they differ in nothing else.
 *
 * @param home the project's directory with the built services
 * @param options options for the Java virtual machines
 * @param main the main class of the signature service
 */
record LauncherOfVariant(Path home, List<String> options, Class<?> main) implements ServiceLauncher {

    private static final List<String> ARCHIVES =
            List.of("-XX:SharedArchiveFile=", "-XX:+AutoCreateSharedArchive", "-XX:AOTCache=");

    @Override
    public List<String> command(String service, Map<String, String> environment) {
        List<String> command =
                new ArrayList<>(ServiceLauncher.builtIn(home, options).command(service, environment));
        if (!service.equals("signature-service")) {
            return command;
        }
        command.removeIf(option -> ARCHIVES.stream().anyMatch(option::startsWith));
        int classPath = command.indexOf("-cp") + 1;
        Path benchmarks =
                home.resolve("tools").resolve("benchmarks").resolve("target").resolve("benchmarks.jar");
        command.set(classPath, command.get(classPath) + File.pathSeparator + benchmarks);
        command.set(classPath + 1, main.getName());
        return command;
    }
}
