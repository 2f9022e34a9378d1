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
 * A JDK on this machine.
 *
 * @param home the installation directory
 * @param version the feature version, such as 21
 */
public record InstalledJdk(Path home, int version) {

    private static final int ARCHIVE_VERSION = 19;
    /** From this version on, an AOT cache also contains method profiles (JEP 515), and one run writes it (JEP 514). */
    private static final int AOT_CACHE_VERSION = 25;

    /**
     * Returns the newest installed JDK, or the running one. From version 21, virtual threads increase the request rate.
     */
    public static InstalledJdk newest() {
        List<InstalledJdk> found = new ArrayList<>();
        Path running = Path.of(System.getProperty("java.home"));
        found.add(new InstalledJdk(running, Runtime.version().feature()));
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

    /** Returns the path of the {@code java} program. */
    public Path launcher() {
        return home.resolve("bin/java");
    }

    /**
     * Returns options with which a program writes a class data sharing archive when it ends. The next start takes two
     * thirds of the time. The virtual machine replaces an archive that no longer fits the program.
     */
    List<String> archiveWritingOptions(Path file) {
        return version < ARCHIVE_VERSION
                ? List.of()
                : List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off");
    }

    /** Returns options with which a program reads an existing class data sharing archive and never writes one. */
    List<String> archiveReadingOptions(Path file) {
        return Files.exists(file) ? List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off") : List.of();
    }

    /** Tells whether an AOT cache with method profiles is possible. */
    public boolean hasAotCache() {
        return version >= AOT_CACHE_VERSION;
    }

    /** Returns options with which a program records its classes and profiles, and writes an AOT cache when it ends. */
    public static List<String> aotWritingOptions(String file) {
        return List.of("-XX:AOTCacheOutput=" + file, "-Xlog:aot*=off");
    }

    /**
     * Returns options with which a program starts from an AOT cache. The virtual machine ignores a cache of another
     * JDK, program or setting, and writes a warning to the program's log.
     */
    static List<String> aotReadingOptions(Path file) {
        return List.of("-XX:AOTCache=" + file, "-Xlog:aot=warning");
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
