package org.countersign.cli.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.client.UserException;

/**
 * Builds the images of the services from their Dockerfiles.
 *
 * @param home the project's directory with the built services
 */
public record ServiceImages(Buildah buildah, Path home) {

    private static final Pattern BASE = Pattern.compile("(?m)^FROM (\\S+) AS program$");
    private static final Pattern TIMESTAMP =
            Pattern.compile("<project.build.outputTimestamp>(.*?)</project.build.outputTimestamp>");

    /** The stages of the Dockerfiles. */
    public enum Stage {
        /** The program without an AOT cache. */
        PROGRAM("untrained"),
        /** The program with the AOT cache that {@link #cache} names. */
        TRAINED("latest");

        private final String tag;

        Stage(String tag) {
            this.tag = tag;
        }

        /** Returns the name of a service's image. */
        public String image(String service) {
            return "countersign/" + service + ":" + tag;
        }
    }

    /** Returns the file that the stage {@link Stage#TRAINED} takes into the image. */
    public Path cache(String service) {
        return home.resolve(service).resolve("target/image/service.aot");
    }

    /** Returns the base image that a Dockerfile names. */
    String base(String service) throws IOException {
        return find(BASE, home.resolve(service).resolve("Dockerfile"));
    }

    /** Makes the base images that are missing of Debian packages and the JDK of this machine. */
    public void makeLocalBases() throws IOException {
        LocalBaseImage local = new LocalBaseImage(buildah, home.resolve("target/images/debian.tar"));
        for (String service : LocalStack.SERVICES) {
            local.make(base(service));
        }
    }

    /** Pulls the base images that are missing. */
    void pullBases() throws IOException {
        for (String service : LocalStack.SERVICES) {
            if (!buildah.hasImage(base(service))) {
                buildah.run("pull", "--quiet", base(service));
            }
        }
    }

    /**
     * Builds an image. The base image must be in the storage.
     *
     * @return the identifier of the image, which is the digest of its configuration
     */
    public String build(String service, Stage stage) throws IOException {
        return build(service, stage, stage.image(service), "--format", "docker");
    }

    /**
     * Builds an image with a name and further options of {@code buildah build}. The base image must be in the storage.
     *
     * @return the identifier of the image, which is the digest of its configuration
     */
    public String build(String service, Stage stage, String name, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("build", "--quiet", "--isolation", "chroot", "--pull-never"));
        // All files and the image itself have the time of the jars' content, so that a second build gives the same.
        arguments.addAll(List.of("--layers", "--timestamp", Long.toString(timestamp())));
        arguments.addAll(List.of("--target", stage.name().toLowerCase(Locale.ROOT), "--tag", name));
        arguments.addAll(List.of(options));
        arguments.add(home.resolve(service).toString());
        return buildah.run(arguments.toArray(String[]::new));
    }

    private long timestamp() throws IOException {
        return Instant.parse(find(TIMESTAMP, home.resolve("pom.xml"))).getEpochSecond();
    }

    private static String find(Pattern pattern, Path file) throws IOException {
        Matcher found = pattern.matcher(Files.readString(file));
        if (!found.find()) {
            throw new UserException(file + " lacks " + pattern);
        }
        return found.group(1);
    }
}
