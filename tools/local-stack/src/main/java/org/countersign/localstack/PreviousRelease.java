package org.countersign.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Directories;

/**
 * The release before this version, from the history of the repository.
 *
 * <p>A release is a commit with a tag such as {@code v1.2.3}, or with the subject {@code Release 1.2.3} that sets this
 * version in its pom.xml. A clone may lack the tags.
 *
 * @param version the version, such as 1.2.3
 * @param commit the full name of its commit
 */
public record PreviousRelease(String version, String commit) {

    /**
     * The services in the order of an upgrade: those that read events before those that write them. The way back has
     * the opposite order.
     */
    public static final List<String> UPGRADE_ORDER = List.of("notifier", "counter-projection", "signature-service");

    private static final String NUMBER = "(\\d+\\.\\d+\\.\\d+)";
    private static final Pattern TAG = Pattern.compile("tag: v" + NUMBER + "(?:,|$)");
    private static final Pattern SUBJECT = Pattern.compile("Release " + NUMBER);
    private static final Pattern PROJECT_VERSION =
            Pattern.compile("<artifactId>countersign</artifactId>\\s*<version>(.*?)</version>");
    /** The declaration at the begin of a migration. See docs/operations.md. */
    private static final Pattern NO_WAY_BACK = Pattern.compile("^-- No way back before " + NUMBER + "\\b");

    /**
     * Finds the newest release in the history of the checked-out commit. A release is not its own predecessor.
     *
     * @param home the project's directory
     * @throws UserException if there is no Git, no repository or no earlier release. The message says which.
     */
    public static PreviousRelease of(Path home) {
        String current = projectVersion(read(home.resolve("pom.xml")));
        List<String> log =
                git(home, "log", "--decorate=short", "--decorate-refs=refs/tags/v*", "--format=%H%x09%D%x09%s");
        return log.stream()
                .flatMap(line -> ofLogLine(home, line).stream())
                .filter(release -> !release.version.equals(current))
                .findFirst()
                .orElseThrow(() -> new UserException("There is no release before " + current + " among the "
                        + log.size() + " commits of this clone. A shallow clone lacks older ones."));
    }

    private static Optional<PreviousRelease> ofLogLine(Path home, String line) {
        String[] columns = line.split("\t", 3);
        Matcher tag = TAG.matcher(columns[1]);
        if (tag.find()) {
            return Optional.of(new PreviousRelease(tag.group(1), columns[0]));
        }
        Matcher subject = SUBJECT.matcher(columns[2]);
        if (!subject.matches()) {
            return Optional.empty();
        }
        String pom = String.join("\n", git(home, "show", columns[0] + ":pom.xml"));
        return Optional.of(new PreviousRelease(subject.group(1), columns[0]))
                .filter(release -> release.version.equals(projectVersion(pom)));
    }

    private static String projectVersion(String pom) {
        Matcher version = PROJECT_VERSION.matcher(pom);
        return version.find() ? version.group(1) : "";
    }

    /**
     * Builds the three services of the release in a directory of its own below {@code target}, and nothing in the
     * repository or in Maven's local repository. Does nothing if they are built already.
     *
     * @param home the project's directory
     * @return the directory with the built services
     * @throws UserException if the build fails. The message names its log.
     */
    public Path build(Path home) {
        Path release = home.resolve("target").resolve("releases").resolve(version + "-" + commit.substring(0, 12));
        Path built = release.resolve("target").resolve("services-built");
        if (Files.exists(built)) {
            return release;
        }
        if (Files.exists(release)) {
            Directories.delete(release);
        }
        Path log = release.resolveSibling(release.getFileName() + ".log");
        try {
            Files.createDirectories(release);
            unpack(home, release);
            // The repository has what this version needs. Only a release with other libraries needs the network.
            if (!maven(release, log, "--offline") && !maven(release, log)) {
                throw new UserException("Release " + version + " cannot be built. See " + log + ".");
            }
            Files.createFile(Files.createDirectories(built.getParent()).resolve(built.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot build release " + version, e);
        }
        return release;
    }

    private void unpack(Path home, Path release) throws IOException {
        List<ProcessBuilder> commands = List.of(
                new ProcessBuilder("git", "archive", "--format=tar", commit).directory(home.toFile()),
                new ProcessBuilder("tar", "-x").directory(release.toFile()));
        commands.forEach(command -> command.redirectError(ProcessBuilder.Redirect.DISCARD));
        for (Process process : ProcessBuilder.startPipeline(commands)) {
            if (waitFor(process) != 0) {
                throw new UserException("The files of release " + version + " cannot be read with git and tar.");
            }
        }
    }

    private static boolean maven(Path release, Path log, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("mvn", "--batch-mode", "--quiet"));
        command.addAll(List.of(more));
        // Format and bill of materials were checked when it was released.
        command.addAll(List.of("-DskipTests", "-Dspotless.check.skip=true"));
        command.addAll(List.of("-Dcyclonedx.skip=true", "package", "--also-make", "--projects"));
        command.add(String.join(",", LocalStack.SERVICES));
        // Surefire sets this property if Maven uses another local repository.
        Optional.ofNullable(System.getProperty("localRepository"))
                .ifPresent(repository -> command.add("-Dmaven.repo.local=" + repository));
        return waitFor(new ProcessBuilder(command)
                        .directory(release.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start())
                == 0;
    }

    /**
     * Returns the migrations of this version that declare that the release cannot run after them.
     *
     * @param home the project's directory
     */
    public List<Path> migrationsWithoutWayBack(Path home) {
        return LocalStack.SERVICES.stream()
                .flatMap(service -> migrations(home.resolve(service)).stream())
                .filter(migration -> NO_WAY_BACK
                        .matcher(read(migration))
                        .results()
                        .map((MatchResult declared) -> declared.group(1))
                        .anyMatch(isNewer()))
                .map(home::relativize)
                .toList();
    }

    private Predicate<String> isNewer() {
        return other -> Arrays.compare(numbers(other), numbers(version)) > 0;
    }

    private static int[] numbers(String version) {
        return Stream.of(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    private static List<Path> migrations(Path service) {
        try (Stream<Path> files = Files.list(service.resolve("src/main/resources/db/migration"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> git(Path home, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (waitFor(process) != 0) {
                throw new UserException("The history cannot be read with git: " + output.strip());
            }
            return output.lines().toList();
        } catch (IOException e) {
            throw new UserException("The program git is not installed, so that no release can be found.");
        }
    }

    private static int waitFor(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a program runs", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
