package org.countersign.faulttest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * Holds what people were answered, the history, Kafka, the counts, the mails and the webhook calls against each other,
 * all from outside. What does not hold may be on its way; what can't become right any more is remembered for good.
 */
final class InvariantCheck {

    /** Mails and calls that came more than once, under the same Message-ID or webhook-id: receivers can tell. */
    record Repeats(int mails, int webhooks, int milestoneRecords) {}

    private final Ports ports;
    private final Optional<String> auditor;
    private final SignerPopulation people;
    private final KafkaObserver kafka;
    private final UnreliableWebhookReceiver receiver;
    private final ReferenceModel ledger = new ReferenceModel();
    private final ApiClient api = new ApiClient();
    private final List<Expected> known = new ArrayList<>();
    private final Set<SimulatedSigner> checked = new HashSet<>();
    private final Map<String, Integer> mails = new HashMap<>();
    private final Map<String, Integer> copies = new HashMap<>();
    private final Set<String> broken = new LinkedHashSet<>();
    private List<Expected> active = List.of();

    InvariantCheck(
            Ports ports,
            Optional<String> auditor,
            SignerPopulation people,
            KafkaObserver kafka,
            UnreliableWebhookReceiver receiver) {
        this.ports = ports;
        this.auditor = auditor;
        this.people = people;
        this.kafka = kafka;
        this.receiver = receiver;
    }

    /**
     * A petition that people are about to sign.
     *
     * @param told who is mailed of each milestone: the organiser, and whom the organiser wants told
     */
    record Expected(String slug, List<String> told, List<Long> thresholds) {}

    /** From now on these petitions are signed and no others. */
    void expect(List<Expected> petitions) {
        petitions.forEach(petition -> ledger.expect(petition.slug(), petition.thresholds()));
        known.addAll(petitions);
        active = petitions;
    }

    /** What can't become right any more; empty if all is well. */
    Set<String> broken() {
        return broken;
    }

    long events() {
        return ledger.head();
    }

    long milestones() {
        return ledger.tallies().values().stream()
                .mapToLong(tally -> tally.milestones().size())
                .sum();
    }

    /** How often something came again. */
    Repeats repeats() {
        return new Repeats(
                copies.values().stream().mapToInt(Integer::intValue).sum()
                        - mails.values().stream().mapToInt(Integer::intValue).sum(),
                receiver.calls() - receiver.taken().size(),
                kafka.milestonesRepeated());
    }

    /** Has {@link #look} look at all petitions and everybody again, from the first. */
    void startOver() {
        active = known;
        checked.clear();
    }

    /**
     * Looks at everything and says what does not hold as yet; nothing, if all does. To be asked when nobody signs and
     * everybody is done.
     */
    List<String> look() {
        List<String> open = new ArrayList<>();
        try {
            readHistory();
            kafka.readOn(ledger);
            log(open);
            answers(open);
            counts(open);
            mails(open);
            webhooks(open);
        } catch (UserException away) {
            open.add(away.getMessage());
        }
        broken.addAll(ledger.broken());
        broken.addAll(kafka.broken());
        broken.addAll(people.wrongAnswers());
        return open;
    }

    private void readHistory() {
        for (Expected petition : active) {
            String slug = petition.slug();
            api.lines(
                    ports.signatureService(),
                    "GET",
                    "/api/petitions/" + slug + "/history?from=" + (ledger.readUpTo(slug) + 1),
                    auditor,
                    line -> ledger.add(slug, line));
        }
    }

    private void log(List<String> open) {
        same(open, "events missing in the log", 0, ledger.missing());
        same(open, "events in Kafka", ledger.head(), kafka.events());
        same(open, "events of the log not found in Kafka", 0, ledger.left());
        same(open, "events in Kafka not found in the log", 0, kafka.unknown());
        same(open, "unreadable records in Kafka", kafka.unreadableSent(), kafka.unreadable());
        same(open, "milestones in Kafka", milestones(), kafka.milestones());
    }

    /** Each request answered 2xx is in the log once, and nothing is there that was not asked for. */
    private void answers(List<String> open) {
        List<SimulatedSigner> everybody = people.everybody();
        same(open, "signatures", everybody.size(), ledger.signatures());
        Set<String> ids = new HashSet<>();
        everybody.stream()
                .map(SimulatedSigner::signature)
                .filter(id -> id != null && !ids.add(id))
                .forEach(id -> broken.add("two people have the signature " + id));
        for (SimulatedSigner person : everybody) {
            if (person.signature() == null || checked.contains(person)) {
                continue;
            }
            ReferenceModel.Life life = ledger.life(person.signature());
            if (life == null) {
                open.add("the signature " + person.signature() + " was confirmed and has no history");
                continue;
            }
            String whose = " of signature " + person.signature();
            same(open, "rounds" + whose, person.rounds(), life.rounds());
            same(open, "confirmations" + whose, person.confirmations(), life.confirmations());
            same(open, "withdrawals" + whose, person.withdrawals(), life.withdrawals());
            if (!life.status().equals(person.status())) {
                open.add("signature " + person.signature() + " is " + life.status() + ", by the answers it is "
                        + person.status());
            }
            if (life.repeats() > person.signingsAsked() - person.rounds()) {
                open.add("more repeats" + whose + " than anybody asked for");
            }
        }
    }

    private void counts(List<String> open) {
        active.forEach(expected -> {
            String petition = expected.slug();
            ReferenceModel.Tally tally = ledger.tallies().get(petition);
            String path = "/api/petitions/" + petition;
            JsonNode counts = get(path + "/counts");
            for (String status : List.of("verified", "pending", "withdrawn")) {
                same(
                        open,
                        status + " of " + petition,
                        tally.count(status),
                        counts.path(status).asLong(-1));
            }
            Map<String, Long> countries = new TreeMap<>();
            get(path + "/counts/countries")
                    .forEach(one -> countries.put(
                            one.path("country").asString(), one.path("verified").asLong()));
            same(open, "countries of " + petition, tally.countries(), countries);
            Map<Instant, Long> minutes = new TreeMap<>();
            get(path + "/counts/history?bucket=minute&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")
                    .forEach(one -> minutes.put(
                            Instant.parse(one.path("start").asString()),
                            one.path("verified").asLong()));
            minutes.values().removeIf(delta -> delta == 0);
            Map<Instant, Long> moved = new TreeMap<>(tally.minutes());
            moved.values().removeIf(delta -> delta == 0);
            same(open, "minutes of " + petition, moved, minutes);
            Map<Long, Long> milestones = new TreeMap<>();
            get(path + "/milestones")
                    .forEach(one -> milestones.put(
                            one.path("threshold").asLong(), one.path("index").asLong()));
            same(open, "milestones of " + petition, tally.milestones(), milestones);
        });
    }

    private JsonNode get(String path) {
        return ApiClient.require(200, api.get(ports.counterProjection(), path, Optional.empty()))
                .json();
    }

    private void mails(List<String> open) {
        for (SimulatedSigner person : people.everybody()) {
            if (!checked.contains(person)) {
                int found = readMails(person.address());
                ReferenceModel.Life life = person.signature() == null ? null : ledger.life(person.signature());
                if (life != null
                        && same(
                                open,
                                "mails to a signer",
                                life.rounds() + life.repeats() + life.confirmations(),
                                found)) {
                    checked.add(person);
                }
            }
        }
        active.forEach(petition -> petition.told()
                .forEach(address -> same(
                        open,
                        "mails of milestones to " + address,
                        ledger.tallies().get(petition.slug()).milestones().size(),
                        readMails(address))));
        same(
                open,
                "mails",
                known.stream()
                        .mapToLong(petition -> mails(petition, ledger.tallies().get(petition.slug())))
                        .sum(),
                mails.values().stream().mapToLong(Integer::longValue).sum());
    }

    private static long mails(Expected petition, ReferenceModel.Tally tally) {
        return tally.mails()
                + (long) petition.told().size() * tally.milestones().size();
    }

    /** Reads what came for an address and gives how many different mails. */
    private int readMails(String address) {
        Set<String> ids = new HashSet<>();
        int all = 0;
        for (JsonNode mail : people.mails(address)) {
            all++;
            ids.add(mail.path("headers").path("Message-ID").asString());
        }
        mails.put(address, ids.size());
        copies.put(address, all);
        return ids.size();
    }

    private void webhooks(List<String> open) {
        Set<String> told = new HashSet<>();
        receiver.taken()
                .values()
                .forEach(call -> told.add(call.path("data").path("petition").asString() + " "
                        + call.path("data").path("threshold").asLong()));
        Set<String> reached = new HashSet<>();
        ledger.tallies()
                .forEach((petition, tally) ->
                        tally.milestones().keySet().forEach(threshold -> reached.add(petition + " " + threshold)));
        same(open, "milestones told to the webhook", reached, told);
        same(open, "webhook calls", reached.size(), receiver.taken().size());
        if (receiver.ledElsewhere() > 0) {
            broken.add("a redirect was followed");
        }
    }

    private static boolean same(List<String> open, String what, Object expected, Object found) {
        boolean same = expected instanceof Number one && found instanceof Number other
                ? one.longValue() == other.longValue()
                : expected.equals(found);
        if (!same) {
            open.add(what + ": should be " + expected + ", is " + found);
        }
        return same;
    }
}
