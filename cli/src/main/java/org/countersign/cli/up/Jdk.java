package org.countersign.cli.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The newest Java on this machine: from version 21 on virtual threads carry many more requests. */
public final class Jdk {

    private record Found(Path home, int version) {
    }

    private Jdk() {
    }

    /** The launcher of the newest Java there is, at least the one that runs this. */
    public static Path newestLauncher() {
        List<Found> found = new ArrayList<>();
        Path own = Path.of(System.getProperty("java.home"));
        found.add(new Found(own, Runtime.version().feature()));
        for (String folder : List.of("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", System.getProperty("user.home") + "/.sdkman/candidates/java")) {
            found.addAll(in(Path.of(folder)));
        }
        return found.stream().max(Comparator.comparingInt(Found::version)).orElseThrow().home().resolve("bin/java");
    }

    private static List<Found> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> homes = Files.list(folder)) {
            return homes.map(home -> Files.isDirectory(home.resolve("Contents/Home")) ? home.resolve("Contents/Home") : home)
                    .filter(home -> Files.isExecutable(home.resolve("bin/java")) && Files.isReadable(home.resolve("release")))
                    .map(home -> new Found(home, version(home.resolve("release")))).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static int version(Path release) {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
            return Runtime.Version.parse(properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "")).feature();
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }
}
