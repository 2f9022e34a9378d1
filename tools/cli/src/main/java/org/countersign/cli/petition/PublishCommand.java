package org.countersign.cli.petition;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes a petition from a file. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description =
                "Publishes a petition from Markdown with YAML front matter, or from a petition page saved as plain text.")
public class PublishCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The petition.")
    private Path file;

    @Option(names = "--slug", description = "Its name in its address; made of the title if absent.")
    private String slug;

    @Option(names = "--goal", description = "How many signatures it wants, if the file does not say.")
    private Long goal;

    @Option(
            names = "--organiser-name",
            defaultValue = "The organiser",
            description = "Who organises it, if the file does not say.")
    private String organiserName;

    @Option(
            names = "--organiser-email",
            defaultValue = "organiser@countersign.example",
            description = "Where milestone alerts go, if the file does not say (${DEFAULT-VALUE}).")
    private String organiserEmail;

    @Override
    public Integer call() {
        Map<String, Object> petition = PetitionFile.read(text());
        if (slug != null) {
            petition.put("slug", slug);
        }
        if (petition.get("goal") == null) {
            petition.put("goal", goal);
        }
        if (petition.get("goal") == null) {
            throw new UserException(file + " does not say how many signatures it wants; add --goal N.");
        }
        petition.putIfAbsent("organiser", Map.of("name", organiserName, "email", organiserEmail));
        ApiClient.ApiResponse answer = ApiClient.require(
                201, new ApiClient().post(ports.signatureService(), "/api/petitions", petition, ApiClient.organiser()));
        spec.commandLine()
                .getOut()
                .println("Published: " + Ports.url(ports.signatureService()) + "/petitions/"
                        + answer.json().get("slug").asString());
        return 0;
    }

    private String text() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserException("There is no file " + file + ".");
        } catch (MalformedInputException e) {
            throw new UserException(file + " is not text in UTF-8.");
        } catch (IOException e) {
            throw new UserException(file + " can't be read: " + e.getMessage());
        }
    }
}
