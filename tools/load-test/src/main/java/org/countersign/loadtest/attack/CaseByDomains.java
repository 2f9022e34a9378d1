package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/** Opens one case as an organiser does who has looked at the addresses: it names the mail domains of the attackers. */
final class CaseByDomains {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    /** A domain below two labels or more is one of many of its owner. */
    private static final int OWN_LABELS = 2;

    private final ApiClient api = new ApiClient();
    private final Ports ports;

    CaseByDomains(Ports ports) {
        this.ports = ports;
    }

    /** Returns the patterns that an organiser would type. Domains of mail providers are not among them. */
    static Set<String> patterns(Collection<SimulatedPerson> people) {
        Set<String> patterns = new TreeSet<>();
        for (SimulatedPerson person : people) {
            String domain = person.email().substring(person.email().indexOf('@') + 1);
            if (person.attacker() && !MailProviders.isLarge(domain)) {
                String[] labels = domain.split("\\.");
                patterns.add(
                        labels.length > OWN_LABELS
                                ? "*." + labels[labels.length - 2] + "." + labels[labels.length - 1]
                                : domain);
            }
        }
        return patterns;
    }

    /**
     * Opens the case and waits for its end.
     *
     * @return the number of signatures that it took out of the verified count
     */
    long remove(String petition, Set<String> domains) {
        JsonNode opened = ApiClient.require(
                        202,
                        api.post(
                                ports.signatureService(),
                                "/api/petitions/" + petition + "/cases",
                                Map.of(
                                        "criteria",
                                        Map.of("domains", List.copyOf(domains)),
                                        "reason",
                                        "One owner of many addresses",
                                        "publicReason",
                                        "A program made these signatures."),
                                ApiClient.organiser()))
                .json();
        String id = opened.get("id").asString();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            JsonNode current = ApiClient.require(
                            200, api.get(ports.signatureService(), "/api/cases/" + id, ApiClient.organiser()))
                    .json();
            if (current.get("state").asString().equals("done")) {
                return current.get("removed").asLong();
            }
            if (System.nanoTime() > end) {
                throw new UserException("The case " + id + " has not ended after " + TIMEOUT.toMinutes()
                        + " minutes. Look at the signature service's log.");
            }
            AttackCommand.pause();
        }
    }
}
