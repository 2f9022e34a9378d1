package org.countersign.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A Java on this machine.
 *
 * @param version such as 21
 */
public record InstalledJdk(Path home, int version) {

    private static final int KEEPS_ARCHIVES = 19;

    /**
     * The newest there is, at least the one that runs this: from version 21 on virtual threads carry many more
     * requests.
     */
    public static InstalledJdk newest() {
        List<InstalledJdk> found = new ArrayList<>();
        Path own = Path.of(System.getProperty("java.home"));
        found.add(new InstalledJdk(own, Runtime.version().feature()));
        for (String folder : List.of(
                "/usr/lib/jvm",
                "/Library/Java/JavaVirtualMachines",
                System.getProperty("user.home") + "/.sdkman/candidates/java")) {
            found.addAll(in(Path.of(folder)));
        }
        return found.stream()
                .max(Comparator.comparingInt(InstalledJdk::version))
                .orElseThrow();
    }

    /** The program that runs Java programs. */
    public Path launcher() {
        return home.resolve("bin/java");
    }

    /**
     * Options with which a program leaves its classes, as the virtual machine has them in memory, in a file when it
     * ends, and starts from them in two thirds of the time after that. The file is made anew when it does not fit the
     * program any more.
     */
    List<String> keepingClasses(Path file) {
        return version < KEEPS_ARCHIVES
                ? List.of()
                : List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off");
    }

    /**
     * Options with which a program starts from the classes that another one has left, if there are any, and leaves
     * none.
     */
    List<String> usingClasses(Path file) {
        return Files.exists(file) ? List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off") : List.of();
    }

    private static List<InstalledJdk> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> homes = Files.list(folder)) {
            return homes.map(home ->
                            Files.isDirectory(home.resolve("Contents/Home")) ? home.resolve("Contents/Home") : home)
                    .filter(home ->
                            Files.isExecutable(home.resolve("bin/java")) && Files.isReadable(home.resolve("release")))
                    .map(home -> new InstalledJdk(home, version(home.resolve("release"))))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static int version(Path release) {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
            return Runtime.Version.parse(
                            properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", ""))
                    .feature();
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }
}
