package org.countersign.localstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.countersign.localstack.client.UserException;

/**
 * Starts the services from the jars of the last build.
 *
 * @param options options for the Java virtual machine
 * @param home the project's directory with the built services
 * @param training whether a service writes an AOT cache when it ends
 */
record BuiltServices(InstalledJdk java, List<String> options, Path home, boolean training) implements ServiceLauncher {

    private static final Map<String, String> MAIN_CLASSES = Map.of(
            "signature-service", "org.countersign.signature.SignatureServiceApplication",
            "counter-projection", "org.countersign.counter.CounterProjectionApplication",
            "notifier", "org.countersign.notifier.NotifierApplication");

    @Override
    public List<String> command(String service, Map<String, String> environment) {
        Path target = home.resolve(service).resolve("target");
        Path jar = target.resolve(service + ".jar");
        if (!Files.exists(jar)) {
            throw new UserException(
                    "The " + service + " is not built, because " + jar + " is missing. Run: mvn -DskipTests package");
        }
        List<String> command = new ArrayList<>();
        command.addAll(List.of(java.launcher().toString(), "@" + target.resolve("service.jvmopts")));
        command.addAll(options);
        command.addAll(cacheOptions(target, service));
        // The manifest of the jar names its libraries, in the same order as in the images.
        command.addAll(List.of("-cp", jar.toString(), Objects.requireNonNull(MAIN_CLASSES.get(service), service)));
        return command;
    }

    private List<String> cacheOptions(Path target, String service) {
        if (training) {
            return InstalledJdk.aotWritingOptions(
                    AotCaches.written(target, service).toString());
        }
        if (java.hasAotCache() && AotCaches.isUsable(target, service)) {
            return InstalledJdk.aotReadingOptions(AotCaches.of(target, service));
        }
        Path classes = target.resolve(service + ".jsa");
        // The archive must not contain classes that an agent has changed.
        boolean changed = options.stream().anyMatch(option -> option.startsWith("-javaagent:"));
        return changed ? java.archiveReadingOptions(classes) : java.archiveWritingOptions(classes);
    }
}
