package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Attacks a new petition of a running stack while honest signers sign it, and shows who got into the count. */
@Command(
        name = "attack",
        mixinStandardHelpOptions = true,
        description = {
            "Send a signing attack and an honest crowd at once, and show which of them count.",
            "Then open one case for the attack that the service has found.",
            "The stack must run with --limits and with its own mailbox. Exit status 0 if enough attackers stay out",
            "of the count, honest signers get their mails, and the count is exactly right."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class AttackCommand implements Callable<Integer> {

    private static final String ORGANISER = "bo@tower.example";
    private static final Duration PROBE_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration COUNT_TIMEOUT = Duration.ofMinutes(2);

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--style",
            required = true,
            split = ",",
            paramLabel = "STYLE",
            description = "One or more attacks at once: catch-all-domain, rotating-subdomains, many-networks, "
                    + "many-providers, slow-trickle, stored-confirmations, copied-countries, many-domains, "
                    + "expired-domains, proxied-catch-alls.")
    private List<String> styles;

    @Option(
            names = "--crowd",
            split = ",",
            paramLabel = "CROWD",
            defaultValue = "news-spike",
            description = "One or more honest crowds at once: news-spike, university, mobile-carriers, one-country "
                    + "(${DEFAULT-VALUE}).")
    private List<String> crowds;

    @Option(
            names = "--attackers",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Number of sign calls of each attack (${DEFAULT-VALUE}).")
    private int attackers;

    @Option(
            names = "--honest",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of honest signers of all crowds together (${DEFAULT-VALUE}).")
    private int honest;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "2",
            description = "Minutes in which all sign (${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Random seed of all names, addresses and times (${DEFAULT-VALUE}).")
    private long seed;

    private final ApiClient api = new ApiClient();

    @Override
    public Integer call() {
        if (attackers < 0 || honest < 0) {
            throw new UserException("--attackers and --honest must be 0 or more.");
        }
        if (!(minutes > 0)) {
            throw new UserException("--minutes must be more than 0.");
        }
        List<Scenario.AttackStyle> attacks =
                styles.stream().map(Scenarios::style).toList();
        List<Scenario.HonestCrowd> signers =
                crowds.stream().map(Scenarios::crowd).toList();
        ApiClient.organiser();
        requireOwnMailbox();
        List<SimulatedPerson> people = people(attacks, signers);
        String petition = publish("a-clock-for-the-tower");
        ProgressBar progress = new ProgressBar(spec.commandLine().getOut());
        AttackRun.AttackOutcome outcome = new AttackRun(ports, petition, ORGANISER, progress).run(people);
        Map<SimulatedPerson, AttackRun.Fate> fates = outcome.fates();
        long confirmed = AttackReport.confirmed(fates);
        long counted = countOnceAt(petition, confirmed);
        String held = heldByRule(petition);
        CaseOfAttack removal = new CaseOfAttack(ports, petition);
        long removed = removal.remove();
        long countedAfterCase = countOnceAt(petition, confirmed - removed);
        AttackReport report = new AttackReport(
                outcome,
                attacks.stream().anyMatch(Scenario.AttackStyle::usesMailProviders),
                counted,
                removed,
                countedAfterCase,
                removal.counted());
        spec.commandLine().getOut().printf("%-26s %s%n", "petition", petition);
        report.print(spec.commandLine().getOut());
        spec.commandLine().getOut().printf("%-26s %s%n", "held at the end", held);
        return report.isGood() ? 0 : 1;
    }

    /** Returns the number of held calls of each rule. The service releases those of some rules later by itself. */
    private String heldByRule(String petition) {
        List<String> rules = new ArrayList<>();
        ApiClient.require(
                        200,
                        api.get(
                                ports.signatureService(),
                                "/api/petitions/" + petition + "/held",
                                ApiClient.organiser()))
                .json()
                .get("rules")
                .forEach(rule -> rules.add("%s %,d"
                        .formatted(
                                rule.get("rule").asString(), rule.get("calls").asLong())));
        return rules.isEmpty() ? "none" : String.join(", ", rules);
    }

    private List<SimulatedPerson> people(List<Scenario.AttackStyle> attacks, List<Scenario.HonestCrowd> signers) {
        Duration duration = Duration.ofMillis((long) (minutes * 60_000));
        String run = Long.toString(System.currentTimeMillis() / 1000, 36);
        List<SimulatedPerson> people = new ArrayList<>();
        for (int i = 0; i < attacks.size(); i++) {
            people.addAll(attacks.get(i)
                    .attackers(new Scenario(attackers, duration, run + "a" + i, new Random(seed * 31 + i))));
        }
        for (int i = 0; i < signers.size(); i++) {
            int share = honest / signers.size() + (i < honest % signers.size() ? 1 : 0);
            people.addAll(signers.get(i)
                    .signers(new Scenario(share, duration, run + "h" + i, new Random(seed * 31 - 1 - i))));
        }
        return people;
    }

    /** The invented addresses may exist. Without this check, a stack with a real mail server would write to them. */
    private void requireOwnMailbox() {
        String petition = publish("a-bell-for-the-tower");
        String address = "probe-" + Long.toString(System.currentTimeMillis(), 36) + "@attack.example";
        ApiClient.require(
                202,
                api.post(
                        ports.signatureService(),
                        "/api/petitions/" + petition + "/signatures",
                        Map.of("name", "Pia Probe", "email", address, "country", "DE"),
                        Optional.empty()));
        long end = System.nanoTime() + PROBE_TIMEOUT.toNanos();
        while (ApiClient.require(200, api.get(ports.mailbox(), "/api/messages?to=" + address, Optional.empty()))
                .json()
                .isEmpty()) {
            if (System.nanoTime() > end) {
                throw new UserException("A mail did not arrive in the mailbox of the stack. Start the stack without "
                        + "SPRING_MAIL_HOST: the attack must not write to real addresses.");
            }
            pause();
        }
    }

    private String publish(String slug) {
        Map<String, Object> generated = Map.of(
                "slug",
                slug + "-" + Long.toString(System.currentTimeMillis(), 36),
                "title",
                "A clock for the tower",
                "statement",
                "The tower has four faces and no clock.",
                "recipients",
                List.of("The Town Hall"),
                "goal",
                1_000_000,
                "organiser",
                Map.of("name", "Bo Tower", "email", ORGANISER));
        return ApiClient.require(
                        201, api.post(ports.signatureService(), "/api/petitions", generated, ApiClient.organiser()))
                .json()
                .get("slug")
                .asString();
    }

    /** Returns the verified count, as soon as it is the expected one or after a timeout. */
    private long countOnceAt(String petition, long expected) {
        long end = System.nanoTime() + COUNT_TIMEOUT.toNanos();
        while (true) {
            long counted = ApiClient.require(
                            200,
                            api.get(
                                    ports.counterProjection(),
                                    "/api/petitions/" + petition + "/counts",
                                    Optional.empty()))
                    .json()
                    .get("verified")
                    .asLong();
            if (counted == expected || System.nanoTime() > end) {
                return counted;
            }
            pause();
        }
    }

    static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }
}
