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
import java.util.function.Predicate;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * Compares the responses to the signers, the history, Kafka, the counts, the mails and the webhook calls, all from
 * outside.
 *
 * <p>A violation may be temporary while work is in progress. Permanent violations are kept.
 */
final class InvariantCheck {

    /** The numbers of duplicates with the same Message-ID, webhook-id or event id, which receivers can recognise. */
    record DuplicateDeliveries(int mails, int webhooks, int milestoneRecords) {}

    private final Ports ports;
    private final Optional<String> auditor;
    private final SignerPopulation signers;
    private final KafkaObserver kafka;
    private final PublicLogObserver publicLog;
    private final UnreliableWebhookReceiver receiver;
    private final SignerGroups groups;
    /** Whether signers of a petition may miss mails. */
    private final Predicate<String> lossy;

    private final ReferenceModel model = new ReferenceModel();
    private final ApiClient api = new ApiClient();
    private final List<MonitoredPetition> known = new ArrayList<>();
    private final Set<SimulatedSigner> checked = new HashSet<>();
    private final Map<String, Integer> mails = new HashMap<>();
    private final Map<String, Integer> mailsWithDuplicates = new HashMap<>();
    private final Set<String> permanent = new LinkedHashSet<>();
    private List<MonitoredPetition> active = List.of();

    InvariantCheck(
            Ports ports,
            Optional<String> auditor,
            SignerPopulation signers,
            KafkaObserver kafka,
            PublicLogObserver publicLog,
            UnreliableWebhookReceiver receiver,
            SignerGroups groups,
            Predicate<String> lossy) {
        this.ports = ports;
        this.auditor = auditor;
        this.signers = signers;
        this.kafka = kafka;
        this.publicLog = publicLog;
        this.receiver = receiver;
        this.groups = groups;
        this.lossy = lossy;
    }

    /**
     * A petition whose invariants are checked.
     *
     * @param recipients the addresses that get a mail for each milestone: the organiser and the recipients of alerts
     */
    record MonitoredPetition(String slug, List<String> recipients, List<Long> thresholds) {}

    /** Replaces the petitions that the signers sign. */
    void expect(List<MonitoredPetition> petitions) {
        petitions.forEach(petition -> model.expect(petition.slug(), petition.thresholds()));
        known.addAll(petitions);
        active = petitions;
    }

    /** Returns the permanent violations. */
    Set<String> permanentViolations() {
        return permanent;
    }

    long events() {
        return model.head();
    }

    /** Returns the number of different heads of the public log that were seen. */
    long publicHeads() {
        return publicLog.heads();
    }

    long milestones() {
        return model.countsByPetition().values().stream()
                .mapToLong(expectedCounts -> expectedCounts.milestones().size())
                .sum();
    }

    /** Returns the numbers of duplicates. */
    DuplicateDeliveries repeats() {
        return new DuplicateDeliveries(
                mailsWithDuplicates.values().stream()
                                .mapToInt(Integer::intValue)
                                .sum()
                        - mails.values().stream().mapToInt(Integer::intValue).sum(),
                receiver.calls() - receiver.accepted().size(),
                kafka.duplicateMilestones());
    }

    /** Makes {@link #findViolations} check all petitions and signers again. */
    void recheckAll() {
        active = known;
        checked.clear();
    }

    /**
     * Checks all invariants. The signers must have finished before.
     *
     * @return the violations, which may still be temporary
     */
    List<String> findViolations() {
        List<String> violations = new ArrayList<>();
        try {
            active.forEach(this::readHistory);
            kafka.readToEnd(model);
            if (model.missing() > 0 || kafka.unknown() > 0) {
                readLateEvents();
            }
            publicLog.readToEnd(ports.signatureService());
            checkLog(violations);
            checkResponses(violations);
            checkCounts(violations);
            checkMails(violations);
            checkWebhooks(violations);
            checkGroups(violations);
        } catch (UserException unreachable) {
            violations.add(unreachable.getMessage());
        }
        permanent.addAll(model.violations());
        permanent.addAll(kafka.violations());
        permanent.addAll(publicLog.violations());
        permanent.addAll(signers.wrongResponses());
        permanent.addAll(groups.wrongResponses());
        return violations;
    }

    /** Reads the new events of a petition. Returns whether there were any. */
    private boolean readHistory(MonitoredPetition petition) {
        String slug = petition.slug();
        long before = model.readUpTo(slug);
        api.lines(
                ports.signatureService(),
                "GET",
                "/api/petitions/" + slug + "/history?from=" + (before + 1),
                auditor,
                line -> model.add(slug, line));
        return model.readUpTo(slug) > before;
    }

    /** A repeated sign call is processed after its answer, after a failure a minute later. */
    private void readLateEvents() {
        known.stream()
                .filter(petition -> !active.contains(petition) && readHistory(petition))
                .forEach(
                        petition -> checked.removeIf(signer -> signer.petition().equals(petition.slug())));
    }

    private void checkLog(List<String> violations) {
        checkEqual(violations, "events missing in the log", 0, model.missing());
        checkEqual(violations, "events in Kafka", model.head(), kafka.events());
        checkEqual(violations, "events of the log not found in Kafka", 0, model.left());
        checkEqual(violations, "events in Kafka not found in the log", 0, kafka.unknown());
        checkEqual(violations, "unreadable records in Kafka", kafka.unreadableSent(), kafka.unreadable());
        checkEqual(violations, "entries of the public log", model.publicEntries(), publicLog.entries());
        checkEqual(violations, "milestones in Kafka", milestones(), kafka.milestones());
    }

    /** Verifies that each successful request is in the log once, and that the log has nothing else. */
    private void checkResponses(List<String> violations) {
        List<SimulatedSigner> allSigners = signers.all();
        checkEqual(violations, "signatures", allSigners.size() + groups.signatures(), model.signatures());
        Set<String> ids = new HashSet<>();
        allSigners.stream()
                .flatMap(signer -> signer.signature().stream())
                .filter(id -> !ids.add(id))
                .forEach(id -> permanent.add("two signers have the signature " + id));
        for (SimulatedSigner signer : allSigners) {
            if (signer.signature().isEmpty() || checked.contains(signer)) {
                continue;
            }
            String signature = signer.signature().get();
            Optional<ReferenceModel.ExpectedSignature> found = model.state(signature);
            if (found.isEmpty()) {
                violations.add("the signature " + signature + " was confirmed, but has no history");
                continue;
            }
            ReferenceModel.ExpectedSignature state = found.get();
            String whose = " of signature " + signature;
            if (state.rounds() < signer.rounds()) {
                violations.add("fewer rounds" + whose + " than sign requests that were answered");
            }
            checkEqual(violations, "confirmations" + whose, signer.confirmations(), state.confirmations());
            checkEqual(violations, "withdrawals" + whose, signer.withdrawals(), state.withdrawals());
            if (!state.status().equals(signer.status())) {
                violations.add("signature " + signature + " is " + state.status() + ", but according to the responses "
                        + signer.status());
            }
            // A request whose answer was lost, and a repeated one, may each have begun a round or sent a mail.
            if (state.rounds() + state.repeats() > signer.signRequests()) {
                violations.add("more rounds and repeats" + whose + " than requested");
            }
        }
    }

    private void checkCounts(List<String> violations) {
        active.forEach(expected -> {
            String petition = expected.slug();
            ReferenceModel.ExpectedCounts expectedCounts = model.counts(petition);
            String path = "/api/petitions/" + petition;
            JsonNode counts = ApiClient.require(200, api.get(ports.counterProjection(), path + "/funnel", auditor))
                    .json();
            for (String status : List.of("verified", "pending", "withdrawn", "invalidated")) {
                checkEqual(
                        violations,
                        status + " of " + petition,
                        expectedCounts.count(status),
                        counts.path(status).asLong(-1));
            }
            Map<String, Long> countries = new TreeMap<>();
            get(path + "/counts/countries")
                    .forEach(one -> countries.put(
                            one.path("country").asString(), one.path("verified").asLong()));
            checkEqual(violations, "countries of " + petition, expectedCounts.countries(), countries);
            Map<Instant, Long> minutes = new TreeMap<>();
            get(path + "/counts/history?bucket=minute&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")
                    .forEach(one -> minutes.put(
                            Instant.parse(one.path("start").asString()),
                            one.path("verified").asLong()));
            Map<Instant, Long> moved = new TreeMap<>(expectedCounts.minutes());
            moved.values().removeIf(delta -> delta == 0);
            checkEqual(violations, "minutes of " + petition, moved, minutes);
            Map<Long, Long> milestones = new TreeMap<>();
            get(path + "/milestones")
                    .forEach(one -> milestones.put(
                            one.path("threshold").asLong(), one.path("index").asLong()));
            Map<Long, Long> positions = new TreeMap<>();
            expectedCounts
                    .milestones()
                    .forEach((threshold, index) -> positions.put(threshold, model.positionOfMilestone(index)));
            checkEqual(violations, "milestones of " + petition, positions, milestones);
            checkEqual(
                    violations,
                    "public position of " + petition,
                    model.newestPosition(petition),
                    get(path + "/counts").path("position").asLong());
        });
    }

    private JsonNode get(String path) {
        return ApiClient.require(200, api.get(ports.counterProjection(), path, Optional.empty()))
                .json();
    }

    private void checkGroups(List<String> violations) {
        groups.check(
                        active.stream().map(MonitoredPetition::slug).toList(),
                        new GroupInvariant.Observed(model, publicLog))
                .forEach(violations::add);
        checkEqual(violations, "cases", groups.cases(), model.cases());
    }

    private void checkMails(List<String> violations) {
        groups.readMails();
        groups.countMails(mails, mailsWithDuplicates);
        for (SimulatedSigner signer : signers.all()) {
            if (!checked.contains(signer)) {
                int found = readMails(signer.address());
                boolean complete = signer.signature()
                        .flatMap(model::state)
                        .filter(state -> checkMails(
                                violations,
                                signer,
                                state.rounds() + state.repeats() + state.confirmations(),
                                state.superseded(),
                                found))
                        .isPresent();
                if (complete) {
                    checked.add(signer);
                }
            }
        }
        active.forEach(petition -> petition.recipients()
                .forEach(address -> checkEqual(
                        violations,
                        "mails of milestones to " + address,
                        model.counts(petition.slug()).milestones().size(),
                        readMails(address))));
        long expected = known.stream()
                .mapToLong(petition -> mails(petition, model.counts(petition.slug())))
                .sum();
        long optional = known.stream()
                .mapToLong(petition -> model.counts(petition.slug()).superseded())
                .sum();
        long found = mails.values().stream().mapToLong(Integer::longValue).sum();
        boolean anyLossy = known.stream().anyMatch(petition -> lossy.test(petition.slug()));
        checkAtMost(violations, "mails", expected, anyLossy ? expected : optional, found);
    }

    /** Signers of a lossy petition may miss any mail. */
    private boolean checkMails(List<String> violations, SimulatedSigner signer, int expected, int optional, int found) {
        return checkAtMost(
                violations, "mails to a signer", expected, lossy.test(signer.petition()) ? expected : optional, found);
    }

    private static long mails(MonitoredPetition petition, ReferenceModel.ExpectedCounts expectedCounts) {
        return expectedCounts.mails()
                + (long) petition.recipients().size()
                        * expectedCounts.milestones().size();
    }

    /** Reads the mails to an address and returns the number of different ones. */
    private int readMails(String address) {
        Set<String> ids = new HashSet<>();
        int all = 0;
        for (JsonNode mail : signers.mails(address)) {
            all++;
            ids.add(mail.path("headers").path("Message-ID").asString());
        }
        mails.put(address, ids.size());
        mailsWithDuplicates.put(address, all);
        return ids.size();
    }

    private void checkWebhooks(List<String> violations) {
        Set<String> announced = new HashSet<>();
        receiver.accepted()
                .values()
                .forEach(
                        call -> announced.add(call.path("data").path("petition").asString() + " "
                                + call.path("data").path("threshold").asLong()));
        Set<String> reached = new HashSet<>();
        model.countsByPetition()
                .forEach((petition, expectedCounts) -> expectedCounts
                        .milestones()
                        .keySet()
                        .forEach(threshold -> reached.add(petition + " " + threshold)));
        reached.removeIf(
                milestone -> receiver.mayMiss(milestone.replaceFirst(" .*", "")) && !announced.contains(milestone));
        checkEqual(violations, "milestones announced to the webhook", reached, announced);
        checkEqual(
                violations, "webhook calls", reached.size(), receiver.accepted().size());
        if (receiver.followedRedirects() > 0) {
            permanent.add("the notifier followed a redirect");
        }
    }

    /** Checks a number that may fall short of its maximum by a few. */
    private static boolean checkAtMost(List<String> violations, String what, long max, long optional, long found) {
        return found < max && found >= max - optional || checkEqual(violations, what, max, found);
    }

    private static boolean checkEqual(List<String> violations, String what, Object expected, Object found) {
        boolean same = expected instanceof Number one && found instanceof Number other
                ? one.longValue() == other.longValue()
                : expected.equals(found);
        if (!same) {
            violations.add(what + ": expected " + expected + ", found " + found);
        }
        return same;
    }
}
