package org.countersign.cli.privacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the record of processing and a template of the impact assessment. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Write the record of processing (Art. 30 GDPR) and a template of the impact assessment (Art. 35).",
            "Both are Markdown, made of the configuration of the running stack.",
            "They hold neither secrets nor personal data of signers."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class PrivacyReportCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Option(names = "--out", paramLabel = "FILE", description = "File for the report. Default: standard output.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() {
        ApiClient.ApiResponse settings = ApiClient.require(
                200, new ApiClient().get(ports.signatureService(), "/api/privacy", ApiClient.organiser()));
        String report = PrivacyReport.of(settings.json(), LocalDate.now(clock));
        if (out == null) {
            spec.commandLine().getOut().print(report);
            spec.commandLine().getOut().flush();
        } else {
            write(out, report);
            spec.commandLine().getOut().println("The report is in " + out + ".");
        }
        return 0;
    }

    private static void write(Path file, String report) {
        try {
            Files.writeString(file, report);
        } catch (IOException e) {
            throw new UserException("The report cannot be written to " + file + ": " + e.getMessage());
        }
    }
}
