package org.countersign.faulttest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.countersign.faulttest.StackNetwork.LineMode;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.client.UserException;

/** Lists all faults. */
final class FaultCatalog {

    private static final int HOUR_SECONDS = 3600;
    private static final long POLL_INTERVAL_MILLIS = 100;
    private static final long SIGNING_AFTER_BACKUP_MILLIS = 4000;
    /** Less than the size of the tables, which PostgreSQL extends by 8 kB. */
    private static final long MAX_FILE_BYTES = 16 * 1024;

    private final FaultStack stack;
    private final Supplier<KafkaObserver> kafka;
    private final List<Fault> all = new ArrayList<>();

    private FaultCatalog(FaultStack stack, Supplier<KafkaObserver> kafka) {
        this.stack = stack;
        this.kafka = kafka;
    }

    /**
     * Returns the faults that apply to the given number of instances.
     *
     * @param stack may start later
     * @param kafka returns the observer after the start
     * @param screening the faults of cases, rules and releases
     */
    static List<Fault> of(FaultStack stack, Supplier<KafkaObserver> kafka, ScreeningFaults screening, int replicas) {
        FaultCatalog faults = new FaultCatalog(stack, kafka);
        faults.servers();
        faults.services();
        faults.connections();
        faults.receivers();
        faults.others();
        faults.losses();
        if (replicas > 1) {
            faults.replicas();
        }
        faults.all.addAll(screening.all());
        return faults.all;
    }

    private void add(String name, Fault.FaultAction begin, Fault.FaultAction end) {
        all.add(new Fault(name, begin, end));
    }

    /** Returns the faults of a stack with replicated servers. */
    static List<Fault> ofCluster(FaultStack stack, Supplier<KafkaObserver> kafka) {
        FaultCatalog faults = new FaultCatalog(stack, kafka);
        faults.services();
        faults.replicas();
        faults.all.addAll(new ClusterFaults(stack, kafka).all());
        return faults.all;
    }

    private void services() {
        LocalStack.SERVICES.forEach(service -> killAndHalt(service, stack.instances(service), signingWithout(service)));
        add(
                "kill counter-projection and notifier",
                () -> {
                    stack.instances("counter-projection").forEach(stack::kill);
                    stack.instances("notifier").forEach(stack::kill);
                },
                Fault.NOTHING);
    }

    private static Fault.SigningEffect signingWithout(String service) {
        return service.equals("signature-service") ? Fault.SigningEffect.NOT_READY : Fault.SigningEffect.POSSIBLE;
    }

    private void killAndHalt(String name, List<String> parts, Fault.SigningEffect signing) {
        add("kill " + name, () -> parts.forEach(stack::kill), Fault.NOTHING);
        all.add(new Fault(
                "halt " + name,
                () -> parts.forEach(part -> stack.signal(part, "STOP")),
                () -> parts.forEach(part -> stack.signal(part, "CONT")),
                signing));
    }

    private void servers() {
        killAndHalt("PostgreSQL", List.of("PostgreSQL"), Fault.SigningEffect.NOT_READY);
        killAndHalt("Kafka", List.of("Kafka"), Fault.SigningEffect.POSSIBLE);
        add(
                "kill PostgreSQL and signature-service",
                () -> {
                    stack.kill("PostgreSQL");
                    stack.instances("signature-service").forEach(stack::kill);
                },
                Fault.NOTHING);
        add(
                "kill Kafka and counter-projection",
                () -> {
                    stack.kill("Kafka");
                    stack.instances("counter-projection").forEach(stack::kill);
                },
                Fault.NOTHING);
        add(
                "kill Kafka and PostgreSQL",
                () -> {
                    stack.kill("Kafka");
                    stack.kill("PostgreSQL");
                },
                Fault.NOTHING);
    }

    private void connections() {
        for (LineMode mode : List.of(LineMode.CUT, LineMode.HANGING, LineMode.SLOW)) {
            String name = mode.name().toLowerCase(Locale.ROOT);
            for (String server : List.of("PostgreSQL", "Kafka", "signature-service")) {
                // If the line to the signature service fails, it processes the request, but the response is lost.
                all.add(new Fault(
                        "line to " + server + " " + name,
                        () -> stack.network().disturb(server, mode),
                        stack.network()::repair,
                        server.equals("PostgreSQL") && mode != LineMode.SLOW
                                ? Fault.SigningEffect.NOT_READY
                                : Fault.SigningEffect.UNCERTAIN));
            }
        }
    }

    private void receivers() {
        add("SMTP answers 451", () -> stack.smtp().setMode(SmtpProxy.SmtpBehaviour.BUSY), this::restoreMail);
        add(
                "SMTP breaks off after DATA",
                () -> stack.smtp().setMode(SmtpProxy.SmtpBehaviour.FORGETFUL),
                this::restoreMail);
        add("SMTP hangs", () -> stack.smtp().setMode(SmtpProxy.SmtpBehaviour.HANGING), this::restoreMail);
        // A 5xx reply is permanent. An operator must retry the delivery.
        add(
                "SMTP answers 550, then retried by hand",
                () -> stack.smtp().setMode(SmtpProxy.SmtpBehaviour.REFUSING),
                () -> {
                    restoreMail();
                    Thread.sleep(2000);
                    stack.retryParked();
                });
        add(
                "webhook receiver answers 500",
                () -> failWebhooks(UnreliableWebhookReceiver.WebhookBehaviour.FAILING),
                this::restoreWebhooks);
        add(
                "webhook receiver hangs",
                () -> failWebhooks(UnreliableWebhookReceiver.WebhookBehaviour.HANGING),
                this::restoreWebhooks);
        add(
                "webhook receiver redirects",
                () -> failWebhooks(UnreliableWebhookReceiver.WebhookBehaviour.REDIRECTING),
                this::restoreWebhooks);
        add(
                "webhook to private addresses",
                () -> {
                    for (String url : List.of(
                            "http://10.0.0.1/",
                            "http://192.168.1.1/hook",
                            "http://169.254.169.254/latest",
                            "http://[fd00::1]/",
                            "http://0.0.0.0/")) {
                        if (!stack.rejectsWebhookTo(url)) {
                            throw new UserException("A webhook to " + url + " was not rejected.");
                        }
                    }
                },
                Fault.NOTHING);
    }

    private void restoreMail() {
        stack.smtp().setMode(SmtpProxy.SmtpBehaviour.GOOD);
    }

    /** Returns after the first rejected call. The first milestone causes it within a few seconds. */
    private void failWebhooks(UnreliableWebhookReceiver.WebhookBehaviour behaviour) throws InterruptedException {
        int before = stack.receiver().rejectedCalls();
        stack.receiver().setMode(behaviour);
        while (stack.receiver().rejectedCalls() == before) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    private void restoreWebhooks() {
        stack.receiver().setMode(UnreliableWebhookReceiver.WebhookBehaviour.GOOD);
    }

    private void others() {
        add("disk of PostgreSQL full", () -> stack.limitFiles(MAX_FILE_BYTES), () -> stack.limitFiles(-1));
        add("unreadable records in each topic", () -> kafka.get().sendUnreadable(), Fault.NOTHING);
        add("clock jumps an hour ahead and back", () -> stack.shiftClocks(HOUR_SECONDS), () -> stack.shiftClocks(0));
        add("clock jumps an hour back and ahead", () -> stack.shiftClocks(-HOUR_SECONDS), () -> stack.shiftClocks(0));
    }

    private void losses() {
        all.add(new Fault(
                "old backup of PostgreSQL restored, then recovered",
                () -> {
                    Path backup = stack.losses().backUp();
                    Thread.sleep(SIGNING_AFTER_BACKUP_MILLIS);
                    // What Kafka does not have yet cannot be recovered from it.
                    stack.network().disturb("signature-service", LineMode.CUT);
                    stack.losses().awaitPublished();
                    stack.losses().restore(backup);
                    stack.network().repair();
                },
                () -> {
                    stack.losses().recover();
                    stack.losses().retryMissing();
                },
                Fault.SigningEffect.NOT_READY));
        add(
                "data of Kafka lost, then published again",
                () -> {
                    stack.losses().loseKafka();
                    kafka.get().lost();
                },
                stack.losses()::recover);
        add(
                "database of counter-projection lost",
                () -> stack.losses().loseDatabase("counter-projection"),
                Fault.NOTHING);
        add("database of notifier lost", () -> stack.losses().loseDatabase("notifier"), () -> {
            stack.losses().registerWebhookAgain();
            stack.losses().retryMissing();
        });
    }

    private void replicas() {
        for (String service : LocalStack.SERVICES) {
            String one = stack.instances(service).get(0);
            add("kill one " + service, () -> stack.kill(one), Fault.NOTHING);
            add("halt one " + service, () -> stack.signal(one, "STOP"), () -> stack.signal(one, "CONT"));
        }
        add(
                "rebalance: one counter-projection and one notifier end",
                () -> {
                    stack.terminate(stack.instances("counter-projection").get(0));
                    stack.terminate(stack.instances("notifier").get(1));
                },
                Fault.NOTHING);
        add(
                ROLLING_RESTART,
                () -> {
                    for (String service : LocalStack.SERVICES) {
                        for (String instance : stack.instances(service)) {
                            stack.restart(instance);
                        }
                    }
                },
                Fault.NOTHING);
    }

    /** The fault during which every request must get a response. */
    static final String ROLLING_RESTART = "rolling restart of all services";
}
