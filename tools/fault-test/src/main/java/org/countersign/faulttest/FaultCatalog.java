package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.client.UserException;

/** All the ways in which a site can be broken. */
final class FaultCatalog {

    private static final int HOUR = 3600;
    private static final long BETWEEN_LOOKS_MILLIS = 100;
    /** Less than the tables have, and PostgreSQL adds to them by 8 kB. */
    private static final long FULL_AT = 16 * 1024;

    private final FaultStack site;
    private final KafkaObserver kafka;
    private final List<Fault> all = new ArrayList<>();

    private FaultCatalog(FaultStack site, KafkaObserver kafka) {
        this.site = site;
        this.kafka = kafka;
    }

    /** Those that can be made on this machine with these many instances. */
    static List<Fault> of(FaultStack site, KafkaObserver kafka, int replicas) {
        FaultCatalog faults = new FaultCatalog(site, kafka);
        faults.processes();
        faults.lines();
        faults.receivers();
        faults.others();
        if (replicas > 1) {
            faults.oneOfSeveral();
        }
        return faults.all;
    }

    private void add(String name, Fault.Action begin, Fault.Action end) {
        all.add(new Fault(name, begin, end));
    }

    private void processes() {
        List<List<String>> groups = new ArrayList<>();
        LocalStack.SERVERS.forEach(server -> groups.add(List.of(server)));
        LocalStack.SERVICES.forEach(service -> groups.add(site.instances(service)));
        for (List<String> group : groups) {
            String name = group.get(0).replaceFirst("-1$", "");
            add("kill " + name, () -> group.forEach(site::kill), Fault.NOTHING);
            all.add(new Fault(
                    "halt " + name,
                    () -> group.forEach(part -> site.signal(part, "STOP")),
                    () -> group.forEach(part -> site.signal(part, "CONT")),
                    name.equals("PostgreSQL") || name.equals("signature-service")));
        }
        add(
                "kill PostgreSQL and signature-service",
                () -> {
                    site.kill("PostgreSQL");
                    site.instances("signature-service").forEach(site::kill);
                },
                Fault.NOTHING);
        add(
                "kill Kafka and counter-projection",
                () -> {
                    site.kill("Kafka");
                    site.instances("counter-projection").forEach(site::kill);
                },
                Fault.NOTHING);
        add(
                "kill Kafka and PostgreSQL",
                () -> {
                    site.kill("Kafka");
                    site.kill("PostgreSQL");
                },
                Fault.NOTHING);
        add(
                "kill counter-projection and notifier",
                () -> {
                    site.instances("counter-projection").forEach(site::kill);
                    site.instances("notifier").forEach(site::kill);
                },
                Fault.NOTHING);
    }

    private void lines() {
        for (TcpProxy.Line line : List.of(TcpProxy.Line.CUT, TcpProxy.Line.HANGING, TcpProxy.Line.SLOW)) {
            String how = line.name().toLowerCase(Locale.ROOT);
            all.add(new Fault(
                    "line to PostgreSQL " + how,
                    () -> site.postgres().become(line),
                    () -> site.postgres().become(TcpProxy.Line.GOOD),
                    line != TcpProxy.Line.SLOW));
            add(
                    "line to Kafka " + how,
                    () -> site.kafka().become(line),
                    () -> site.kafka().become(TcpProxy.Line.GOOD));
            // It does what it is asked, and the answer is lost on the way.
            add(
                    "line to signature-service " + how,
                    () -> site.signatureService().become(line),
                    () -> site.signatureService().become(TcpProxy.Line.GOOD));
        }
    }

    private void receivers() {
        add("SMTP answers 451", () -> site.smtp().become(SmtpProxy.Day.BUSY), this::goodMail);
        add("SMTP breaks off after DATA", () -> site.smtp().become(SmtpProxy.Day.FORGETFUL), this::goodMail);
        add("SMTP hangs", () -> site.smtp().become(SmtpProxy.Day.HANGING), this::goodMail);
        // 5xx is for good: what was refused wrongly is sent again when somebody says so.
        add("SMTP answers 550, then retried by hand", () -> site.smtp().become(SmtpProxy.Day.REFUSING), () -> {
            goodMail();
            Thread.sleep(2000);
            site.retryParked();
        });
        add("webhook receiver answers 500", () -> turnAway(UnreliableWebhookReceiver.Mood.FAILING), this::goodReceiver);
        add("webhook receiver hangs", () -> turnAway(UnreliableWebhookReceiver.Mood.HANGING), this::goodReceiver);
        add(
                "webhook receiver redirects",
                () -> turnAway(UnreliableWebhookReceiver.Mood.REDIRECTING),
                this::goodReceiver);
        add(
                "webhook to private addresses",
                () -> {
                    for (String url : List.of(
                            "http://10.0.0.1/",
                            "http://192.168.1.1/hook",
                            "http://169.254.169.254/latest",
                            "http://[fd00::1]/",
                            "http://0.0.0.0/")) {
                        if (!site.refusesWebhookTo(url)) {
                            throw new UserException("A webhook to " + url + " was not refused.");
                        }
                    }
                },
                Fault.NOTHING);
    }

    private void goodMail() {
        site.smtp().become(SmtpProxy.Day.GOOD);
    }

    /** Returns when a call has come and was not taken: the first milestone is a few seconds away. */
    private void turnAway(UnreliableWebhookReceiver.Mood mood) throws InterruptedException {
        int before = site.receiver().turnedAway();
        site.receiver().become(mood);
        while (site.receiver().turnedAway() == before) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    private void goodReceiver() {
        site.receiver().become(UnreliableWebhookReceiver.Mood.GOOD);
    }

    private void others() {
        add("disk of PostgreSQL full", () -> site.limitFiles(FULL_AT), () -> site.limitFiles(-1));
        add("unreadable records in each topic", kafka::sendUnreadable, Fault.NOTHING);
        add("clock jumps an hour ahead and back", () -> site.setClock(HOUR), () -> site.setClock(0));
        add("clock jumps an hour back and ahead", () -> site.setClock(-HOUR), () -> site.setClock(0));
    }

    private void oneOfSeveral() {
        for (String service : LocalStack.SERVICES) {
            String one = site.instances(service).get(0);
            add("kill one " + service, () -> site.kill(one), Fault.NOTHING);
            add("halt one " + service, () -> site.signal(one, "STOP"), () -> site.signal(one, "CONT"));
        }
        add(
                "rebalance: one counter-projection and one notifier end",
                () -> {
                    site.terminate(site.instances("counter-projection").get(0));
                    site.terminate(site.instances("notifier").get(1));
                },
                Fault.NOTHING);
        add(
                ROLLING_RESTART,
                () -> {
                    for (String service : LocalStack.SERVICES) {
                        for (String instance : site.instances(service)) {
                            site.restart(instance);
                        }
                    }
                },
                Fault.NOTHING);
    }

    /** During which every call is answered. */
    static final String ROLLING_RESTART = "rolling restart of all services";
}
