package org.countersign.cli.petition;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.jspecify.annotations.Nullable;
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
        description = {
            "Publish a petition from a file.",
            "The file is Markdown with YAML front matter, or a petition page saved as plain text."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class PublishCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "File with the petition, in UTF-8.")
    private Path file;

    @Option(names = "--slug", description = "Name of the petition in its URL. Default: derived from the title.")
    private @Nullable String slug;

    @Option(names = "--goal", description = "Goal, if the file has none: a number of signatures.")
    private @Nullable Long goal;

    @Option(
            names = "--to",
            paramLabel = "RECIPIENT",
            description =
                    "Recipient of the petition. Repeat the option for each one. Replaces the recipients in the file.")
    private List<String> recipients = new ArrayList<>();

    @Option(
            names = "--organiser-name",
            defaultValue = "The organiser",
            description = "Organiser's name, if the file has none (${DEFAULT-VALUE}).")
    private String organiserName;

    @Option(
            names = "--organiser-email",
            defaultValue = "organiser@countersign.example",
            description = "Organiser's address for milestone alerts, if the file has none (${DEFAULT-VALUE}).")
    private String organiserEmail;

    @Override
    public Integer call() {
        ApiClient.ApiResponse response = ApiClient.require(
                201,
                new ApiClient().post(ports.signatureService(), "/api/petitions", petition(), ApiClient.organiser()));
        spec.commandLine()
                .getOut()
                .println("Published: " + Ports.url(ports.signatureService()) + "/petitions/"
                        + response.json().get("slug").asString());
        return 0;
    }

    /** Combines the file and the options into the body of the publish request. The service validates its fields. */
    Map<String, Object> petition() {
        Map<String, Object> petition = PetitionFile.read(text(), recipients);
        if (slug != null) {
            petition.put("slug", slug);
        }
        if (petition.get("goal") == null) {
            if (goal == null) {
                throw new UserException(file + " has no goal. Give the number of signatures with --goal N.");
            }
            petition.put("goal", goal);
        }
        petition.putIfAbsent("organiser", Map.of("name", organiserName, "email", organiserEmail));
        return petition;
    }

    private String text() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserException("There is no file " + file + ".");
        } catch (MalformedInputException e) {
            throw new UserException(file + " is not UTF-8 text.");
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + e.getMessage());
        }
    }
}
