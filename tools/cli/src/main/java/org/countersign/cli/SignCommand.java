package org.countersign.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "sign", mixinStandardHelpOptions = true, description = "Sign a petition as the form on its page does.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
class SignCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PETITION", description = "Name of the petition in its URL.")
    private String petition;

    @Option(names = "--name", required = true, description = "Signer's name.")
    private String name;

    @Option(names = "--email", required = true, description = "Signer's email address.")
    private String email;

    @Option(names = "--country", required = true, description = "Signer's country, an ISO 3166-1 code of two letters.")
    private String country;

    @Option(names = "--comment", description = "Public reason for signing.")
    private @Nullable String comment;

    @Option(names = "--public", description = "Allow the name to be shown.")
    private boolean publicly;

    @Option(names = "--updates", description = "Subscribe the signer to milestone mails.")
    private boolean updates;

    @Override
    public Integer call() {
        Map<String, Object> form = new HashMap<>();
        form.put("name", name);
        form.put("email", email);
        form.put("country", country);
        if (comment != null) {
            form.put("comment", comment);
        }
        form.put("public", publicly);
        form.put("updates", updates);
        ApiClient.require(
                202,
                new ApiClient()
                        .post(
                                ports.signatureService(),
                                "/api/petitions/" + petition + "/signatures",
                                form,
                                Optional.empty()));
        spec.commandLine().getOut().println("Signed. Confirmation mail: " + Ports.url(ports.mailbox()));
        return 0;
    }
}
