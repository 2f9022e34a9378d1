package org.countersign.loadtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Loads a running stack as after a news report, and verifies that the counter has every signature. */
@Command(
        name = "burst",
        mixinStandardHelpOptions = true,
        description = {
            "Generate a burst of signatures and verify that none is lost.",
            "Signers can also confirm, withdraw and repeat. Exit status 0 if every count is exactly right."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class BurstCommand implements Callable<Integer> {

    private static final int CLIENTS_AT_MAX = 128;
    /** More than the service admits at a time, and fewer than it accepts. */
    private static final int CLIENTS_AT_RATE = 2000;

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--signatures",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of sign requests (${DEFAULT-VALUE}).")
    private int signatures;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "max",
            description = "Sign requests per second, independent of the responses; or max: each connection "
                    + "sends after each response (${DEFAULT-VALUE}).")
    private String rate;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "flat",
            description = "flat: a constant rate; record: a steep rise to the rate, a peak and a long "
                    + "decline (${DEFAULT-VALUE}).")
    private ArrivalSchedule.Shape shape;

    @Option(
            names = "--clients",
            paramLabel = "C",
            description = "Number of connections (" + CLIENTS_AT_MAX + " with --rate max, else up to " + CLIENTS_AT_RATE
                    + "). A call that is due waits for a free one.")
    private @Nullable Integer clients;

    @Option(
            names = "--verify",
            paramLabel = "F",
            defaultValue = "0",
            description = "Fraction of signers that confirm, 0 to 1 (${DEFAULT-VALUE}).")
    private double verify;

    @Option(
            names = "--withdraw",
            paramLabel = "F",
            defaultValue = "0",
            description = "Fraction of signers that withdraw, 0 to 1 (${DEFAULT-VALUE}).")
    private double withdraw;

    @Option(
            names = "--duplicates",
            paramLabel = "F",
            defaultValue = "0",
            description = "Fraction of sign requests that use another spelling of an earlier address, 0 to "
                    + "1 (${DEFAULT-VALUE}).")
    private double duplicates;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long a signer tries again, with growing pauses, while the service refuses the call for "
                    + "now. 0: a refusal is an error (${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--petition",
            paramLabel = "PETITION",
            description = "Petition to sign. Default: a new one if COUNTERSIGN_ORGANISER_PASSWORD is set, "
                    + "else the oldest open one.")
    private @Nullable String petition;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Random seed; determines which signers confirm, withdraw and repeat (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file.")
    private @Nullable Path json;

    @Option(
            names = "--credentials",
            paramLabel = "USER:PASSWORD",
            hidden = true,
            description = "For programs that call this command: credentials in the place of those of the environment.")
    private @Nullable String credentials;

    @Override
    public Integer call() {
        Optional<String> reader = credentials == null ? ApiClient.organiserOrAuditor() : Optional.of(credentials);
        Burst.BurstPlan plan = new Burst.BurstPlan(
                petition(),
                positive("--signatures", signatures),
                schedule(),
                clients == null
                        ? (rate.equals("max") ? CLIENTS_AT_MAX : CLIENTS_AT_RATE)
                        : positive("--clients", clients),
                fraction("--verify", verify),
                fraction("--withdraw", withdraw),
                fraction("--duplicates", duplicates),
                Duration.ofSeconds(patience),
                seed);
        ProgressBar progress = new ProgressBar(spec.commandLine().getOut());
        BurstReport report = new Burst(ports, reader, plan, progress).run();
        report.print(spec.commandLine().getOut());
        write(report);
        return report.isExact() ? 0 : 1;
    }

    private ArrivalSchedule schedule() {
        if (rate.equals("max")) {
            return ArrivalSchedule.asFastAsPossible();
        }
        try {
            double perSecond = Double.parseDouble(rate);
            if (perSecond > 0) {
                return ArrivalSchedule.of(shape, signatures, perSecond);
            }
        } catch (NumberFormatException e) {
            // The exception below covers this case.
        }
        throw new UserException("--rate must be a number of requests per second above 0, or max.");
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new UserException(option + " must be 1 or more.");
        }
        return value;
    }

    private static double fraction(String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new UserException(option + " must be from 0 to 1.");
        }
        return value;
    }

    private String petition() {
        ApiClient api = new ApiClient();
        if (petition != null) {
            ApiClient.require(200, api.get(ports.signatureService(), "/api/petitions/" + petition, Optional.empty()));
            return petition;
        }
        Optional<String> organiser = ApiClient.organiserIfKnown();
        if (organiser.isPresent()) {
            Map<String, Object> generated = Map.of(
                    "slug",
                    "a-clock-for-the-station-" + Long.toString(System.currentTimeMillis(), 36),
                    "title",
                    "A clock for the station",
                    "statement",
                    "The 7:12 is always late, and nobody can prove it.",
                    "recipients",
                    List.of("The Stationmaster"),
                    "goal",
                    1_000_000,
                    "organiser",
                    Map.of("name", "Bo Burst", "email", "bo@burst.example"));
            return ApiClient.require(201, api.post(ports.signatureService(), "/api/petitions", generated, organiser))
                    .json()
                    .get("slug")
                    .asString();
        }
        @Nullable String oldestOpen = null;
        for (JsonNode one : ApiClient.require(
                        200, api.get(ports.signatureService(), "/api/petitions", Optional.empty()))
                .json()) {
            oldestOpen =
                    one.get("state").asString().equals("open") ? one.get("slug").asString() : oldestOpen;
        }
        if (oldestOpen == null) {
            throw new UserException("There is no open petition to sign. Publish one, or set "
                    + "COUNTERSIGN_ORGANISER_PASSWORD to create one.");
        }
        return oldestOpen;
    }

    private void write(BurstReport report) {
        if (json == null) {
            return;
        }
        try {
            Files.createDirectories(json.toAbsolutePath().getParent());
            Files.writeString(json, report.json());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the figures to " + json, e);
        }
    }
}
