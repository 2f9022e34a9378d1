package org.countersign.cli.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.client.UserException;

/**
 * The base image of the Dockerfiles, made of Debian packages and the JDK of this machine. It is for machines that reach
 * no registry of images.
 */
final class LocalBaseImage {

    private static final String JAVA_HOME = "/opt/java/openjdk";
    private static final String DEBIAN = "bookworm";

    private final Buildah buildah;
    /** The Debian packages, which are kept. */
    private final Path archive;

    LocalBaseImage(Buildah buildah, Path archive) {
        this.buildah = buildah;
        this.archive = archive;
    }

    /** Makes the image, unless the storage has it. */
    void make(String name) throws IOException {
        if (buildah.hasImage(name)) {
            return;
        }
        InstalledJdk jdk = InstalledJdk.newest();
        if (!jdk.hasAotCache()) {
            throw new UserException("--local-base needs JDK 25 or newer on this machine.");
        }
        if (!Files.exists(archive)) {
            bootstrap();
        }
        String container = buildah.run("from", "scratch");
        try {
            buildah.run("add", "--quiet", container, archive.toString(), "/");
            buildah.run("add", "--quiet", container, jdk.home().toRealPath().toString(), JAVA_HOME);
            buildah.run(
                    "config",
                    "--env",
                    "JAVA_HOME=" + JAVA_HOME,
                    "--env",
                    "PATH=" + JAVA_HOME + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    container);
            buildah.run("commit", "--quiet", "--format", "docker", container, name);
        } finally {
            buildah.run("rm", container);
        }
    }

    private void bootstrap() throws IOException {
        if (!Buildah.isInstalled("mmdebstrap")) {
            throw new UserException("--local-base needs mmdebstrap. Install it: apt-get install mmdebstrap");
        }
        Files.createDirectories(archive.getParent());
        Path unfinished = archive.resolveSibling(archive.getFileName() + ".new");
        Buildah.run(List.of(
                "mmdebstrap", "--quiet", "--format=tar", "--variant=minbase", codename(), unfinished.toString()));
        Files.move(unfinished, archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The release of this machine, whose packages its keys can check. */
    private static String codename() throws IOException {
        Properties release = new Properties();
        Path file = Path.of("/etc/os-release");
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                release.load(reader);
            }
        }
        return "debian".equals(release.getProperty("ID")) ? release.getProperty("VERSION_CODENAME", DEBIAN) : DEBIAN;
    }
}
