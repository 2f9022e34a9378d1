package org.countersign.cli.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program {@code buildah}, which builds images without a daemon.
 *
 * <p>Programs are isolated by a change of the root directory. That needs no container runtime, and leaves them in the
 * network of this machine.
 *
 * @param storage the directory for images and containers; empty for buildah's own
 */
public record Buildah(Optional<Path> storage) {

    private static final String PROGRAM = "buildah";

    /** Tells whether the path of this process contains a program. */
    public static boolean isInstalled(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .map(folder -> Path.of(folder, program))
                .anyMatch(Files::isExecutable);
    }

    /** Tells whether buildah is installed. */
    public static boolean isInstalled() {
        return isInstalled(PROGRAM);
    }

    /** Returns a whole command with buildah's options for the storage. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        storage.ifPresent(folder -> command.addAll(List.of(
                "--root",
                folder.resolve("storage").toString(),
                "--runroot",
                folder.resolve("run").toString())));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Runs a command and returns its output without the errors and progress messages.
     *
     * @throws UserException if it fails
     */
    public String run(String... arguments) {
        return run(command(arguments));
    }

    /** Runs a whole command, see {@link #run(String...)}. */
    public static String run(List<String> command) {
        try {
            Path errors = Files.createTempFile("countersign", ".log");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectError(errors.toFile())
                        .start();
                process.getOutputStream().close();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw new UserException(
                            String.join(" ", command) + " failed:\n" + output + Files.readString(errors));
                }
                return output.strip();
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Tells whether the storage has an image. */
    public boolean hasImage(String image) {
        return !run("images", "--quiet", "--filter", "reference=" + image).isEmpty();
    }

    /** Returns what an image says about itself, in Docker's format. */
    public JsonNode describe(String image) {
        return JsonMapper.builder()
                .build()
                .readTree(run("inspect", "--type", "image", image))
                .path("Docker");
    }

    /** Deletes all images and containers of the storage, and unmounts what is mounted there. */
    public void clear() throws IOException {
        run("rm", "--all");
        run("rmi", "--all", "--force");
        for (String mount : Files.readAllLines(Path.of("/proc/mounts"))) {
            String at = mount.split(" ")[1];
            if (storage.isPresent() && Path.of(at).startsWith(storage.get())) {
                run(List.of("umount", at));
            }
        }
    }
}
