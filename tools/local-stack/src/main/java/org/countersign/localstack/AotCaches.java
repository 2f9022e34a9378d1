package org.countersign.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.countersign.localstack.client.UserException;

/** The AOT caches beside the jars of the services. A new build of a service makes its cache useless. */
public final class AotCaches {

    private AotCaches() {}

    /** Returns the cache of a service. */
    static Path of(Path target, String service) {
        return target.resolve(service + ".aot");
    }

    /** Tells whether a service has a cache that is not older than its jar. */
    static boolean isUsable(Path target, String service) {
        return isPresent(target, service) && !isOutdated(target, service);
    }

    private static boolean isPresent(Path target, String service) {
        return Files.exists(of(target, service));
    }

    private static boolean isOutdated(Path target, String service) {
        try {
            return Files.getLastModifiedTime(of(target, service))
                            .compareTo(Files.getLastModifiedTime(target.resolve(service + ".jar")))
                    < 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compare the AOT cache of the " + service + " with its jar", e);
        }
    }

    /**
     * Returns the services whose cache is older than their jar, so that they start without it.
     *
     * @param home the project's directory
     */
    static List<String> outdated(Path home) {
        return LocalStack.SERVICES.stream()
                .filter(service -> {
                    Path target = home.resolve(service).resolve("target");
                    return isPresent(target, service) && isOutdated(target, service);
                })
                .toList();
    }

    /** Returns the file that a service in training writes. Running services may still read the other one. */
    static Path written(Path target, String service) {
        return target.resolve(service + ".aot.new");
    }

    /**
     * Puts the caches that the services of a stopped stack have written in the place of earlier ones.
     *
     * @param home the project's directory
     * @param logs the directory of the services' logs, for the error message
     * @return the caches
     * @throws UserException if a service wrote none
     */
    public static List<Path> install(Path home, Path logs) throws IOException {
        List<Path> caches = new ArrayList<>();
        for (String service : LocalStack.SERVICES) {
            Path target = home.resolve(service).resolve("target");
            if (!Files.exists(written(target, service))) {
                throw new UserException(
                        "The " + service + " wrote no AOT cache. See " + logs.resolve(service + ".log") + ".");
            }
            caches.add(Files.move(
                    written(target, service),
                    of(target, service),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE));
        }
        return caches;
    }
}
