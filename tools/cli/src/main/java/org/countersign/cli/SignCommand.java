package org.countersign.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Signs a petition, as the form on its page does.")
class SignCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PETITION", description = "The petition's name in its address.")
    private String petition;

    @Option(names = "--name", required = true, description = "The signer's name.")
    private String name;

    @Option(names = "--email", required = true, description = "The signer's e-mail address.")
    private String email;

    @Option(names = "--country", required = true, description = "The signer's country, two letters as in ISO 3166-1.")
    private String country;

    @Option(names = "--comment", description = "Why the signer signs.")
    private String comment;

    @Option(names = "--public", description = "The name may be shown.")
    private boolean publicly;

    @Option(names = "--updates", description = "The signer wants to hear of milestones.")
    private boolean updates;

    @Override
    public Integer call() {
        Map<String, Object> form = new HashMap<>();
        form.put("name", name);
        form.put("email", email);
        form.put("country", country);
        form.put("comment", comment);
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
        spec.commandLine()
                .getOut()
                .println("Signed; the confirmation mail is on its way: " + Ports.url(ports.mailbox()));
        return 0;
    }
}
