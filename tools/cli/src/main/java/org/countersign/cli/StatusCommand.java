package org.countersign.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.MetricsSnapshot;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show health and lag of the services and the counts.",
            "Pending and withdrawn signatures need the password of the organiser or the auditor.",
            "Exit status 0 if all services are up."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
class StatusCommand implements Callable<Integer> {

    private static final Map<String, String> LAGS = new LinkedHashMap<>();

    static {
        LAGS.put("countersign_relay_lag_events", "events to publish");
        LAGS.put("countersign_counter_lag_events", "events to count");
        LAGS.put("countersign_deliveries_due", "deliveries to send");
    }

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    private final ApiClient api = new ApiClient();

    @Override
    public Integer call() {
        boolean allUp = printService("signature-service", ports.signatureServiceManagement())
                & printService("counter-projection", ports.counterProjectionManagement())
                & printService("notifier", ports.notifierManagement());
        if (allUp) {
            printPetitions();
        }
        return allUp ? 0 : 1;
    }

    private boolean printService(String name, int management) {
        try {
            JsonNode health = api.get(management, "/actuator/health/readiness", Optional.empty())
                    .json();
            String status = health.path("status").asString("unknown");
            out().printf("%-20s %-9s %s%n", name, status, lags(management));
            health.path("components").properties().stream()
                    .filter(part -> !part.getValue().path("status").asString().equals("UP"))
                    .forEach(part -> out().printf(
                                    "  %s: %s %s%n",
                                    part.getKey(),
                                    part.getValue().path("status").asString(),
                                    part.getValue().path("description").asString("")));
            return status.equals("UP");
        } catch (UserException unreachable) {
            out().printf("%-20s %s%n", name, "not running");
            return false;
        }
    }

    private String lags(int port) {
        MetricsSnapshot metrics = api.metrics(port);
        return LAGS.entrySet().stream()
                .filter(lag -> metrics.highest(lag.getKey()).isPresent())
                .map(lag -> (long) metrics.highest(lag.getKey()).getAsDouble() + " " + lag.getValue())
                .collect(Collectors.joining(", "));
    }

    private void printPetitions() {
        for (JsonNode petition : ApiClient.require(
                        200, api.get(ports.signatureService(), "/api/petitions", Optional.empty()))
                .json()) {
            String slug = petition.path("slug").asString();
            ApiClient.ApiResponse response =
                    api.get(ports.counterProjection(), "/api/petitions/" + slug + "/counts", Optional.empty());
            if (response.status() == 200) {
                JsonNode counts = response.json();
                out().printf(
                                "%s (%s): %,d verified of %,d%s%n",
                                slug,
                                petition.path("state").asString(),
                                counts.path("verified").asLong(),
                                counts.path("goal").asLong(),
                                funnel(slug));
            }
        }
    }

    /** Returns the other statuses. Without credentials they are not known. */
    private String funnel(String slug) {
        return ApiClient.organiserOrAuditorIfKnown()
                .map(credentials -> api.get(
                        ports.counterProjection(), "/api/petitions/" + slug + "/funnel", Optional.of(credentials)))
                .filter(response -> response.status() == 200)
                .map(ApiClient.ApiResponse::json)
                .map(counts -> ", %,d pending, %,d withdrawn"
                        .formatted(
                                counts.path("pending").asLong(),
                                counts.path("withdrawn").asLong()))
                .orElse("");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
