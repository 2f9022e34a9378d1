package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.countersign.faulttest.StackNetwork.LineMode;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.localstack.server.PostgresSupervisor;

/** Lists the faults of replicated servers and of whole machines. */
final class ClusterFaults {

    private static final int BROKERS = 3;
    private static final long POLL_INTERVAL_MILLIS = 100;
    private static final long SIGNING_WITHOUT_STANDBY_MILLIS = 4000;

    private final FaultStack stack;
    private final Supplier<KafkaObserver> kafka;
    private final List<Fault> all = new ArrayList<>();
    /** The parts that the current fault affects. */
    private final Set<String> affected = new HashSet<>();

    /** Chooses parts when a fault begins, because the roles of servers change. */
    private interface PartSelector {

        Set<String> select();
    }

    ClusterFaults(FaultStack stack, Supplier<KafkaObserver> kafka) {
        this.stack = stack;
        this.kafka = kafka;
    }

    List<Fault> all() {
        fail("one broker", () -> brokers(1), Fault.SigningEffect.POSSIBLE);
        fail("two brokers", () -> brokers(2), Fault.SigningEffect.POSSIBLE);
        fail("primary", () -> Set.of(postgres().primary()), Fault.SigningEffect.UNCERTAIN);
        fail("machine of the primary", this::machineOfPrimary, Fault.SigningEffect.UNCERTAIN);
        standbyAway();
        promotions();
        lines();
        return all;
    }

    private void fail(String name, PartSelector parts, Fault.SigningEffect signing) {
        add("kill " + name, () -> choose(parts).forEach(stack::kill), Fault.NOTHING);
        all.add(new Fault(
                "halt " + name,
                () -> choose(parts).forEach(part -> stack.signal(part, "STOP")),
                this::resumeAffected,
                signing));
        all.add(new Fault(
                "cut off " + name,
                () -> stack.network().isolate(Set.copyOf(choose(parts)), LineMode.HANGING),
                stack.network()::repair,
                signing));
    }

    private Set<String> choose(PartSelector parts) {
        affected.clear();
        affected.addAll(parts.select());
        return affected;
    }

    private void add(String name, Fault.FaultAction begin, Fault.FaultAction end) {
        all.add(new Fault(name, begin, end));
    }

    private PostgresCluster postgres() {
        return stack.postgresCluster().orElseThrow();
    }

    private PostgresSupervisor supervisor() {
        return postgres().supervisor();
    }

    /** Selects the leader of a partition first, whose loss has the most effect. */
    private Set<String> brokers(int count) {
        int leader = kafka.get().leader();
        Set<String> brokers = new HashSet<>();
        for (int i = 0; i < count; i++) {
            brokers.add("Kafka-" + ((leader - 1 + i) % BROKERS + 1));
        }
        return brokers;
    }

    /** A machine runs the parts with its number. */
    private Set<String> machineOfPrimary() {
        String number = postgres().primary().replaceFirst(".*-", "-");
        Set<String> parts = new HashSet<>();
        StackLayout.clusterEndpoints(stack.ports()).keySet().stream()
                .filter(part -> part.endsWith(number))
                .forEach(parts::add);
        return parts;
    }

    private void standbyAway() {
        all.add(new Fault(
                "standby away, commits wait",
                () -> choose(() -> Set.of(postgres().standby())).forEach(part -> stack.signal(part, "STOP")),
                this::resumeAffected,
                Fault.SigningEffect.UNAVAILABLE));
        all.add(new Fault(
                "standby away, commits do not wait and the service says so",
                () -> {
                    supervisor().setPolicy(PostgresCluster.CommitPolicy.PREFERRED);
                    choose(() -> Set.of(postgres().standby())).forEach(part -> stack.signal(part, "STOP"));
                    // The service must say so, which it checks every minute.
                    while (postgres().isSynchronous() || !stack.reportsFinding("postgres-no-standby")) {
                        Thread.sleep(POLL_INTERVAL_MILLIS);
                    }
                },
                () -> {
                    resumeAffected();
                    supervisor().setPolicy(PostgresCluster.CommitPolicy.REQUIRED);
                },
                Fault.SigningEffect.POSSIBLE));
    }

    private void resumeAffected() {
        affected.forEach(part -> stack.signal(part, "CONT"));
    }

    private void promotions() {
        add(
                "old primary comes back with commits that nobody acknowledged",
                () -> {
                    supervisor().suspend();
                    disturbReplication();
                    Thread.sleep(SIGNING_WITHOUT_STANDBY_MILLIS);
                    supervisor().promoteStandby();
                    stack.network().repair();
                    supervisor().startOldPrimary();
                },
                supervisor()::resume);
        all.add(new Fault(
                "standby promoted that lacks commits, then recovered",
                () -> {
                    supervisor().suspend();
                    supervisor().makeAsynchronous();
                    disturbReplication();
                    Thread.sleep(SIGNING_WITHOUT_STANDBY_MILLIS);
                    // What Kafka does not have yet cannot be recovered from it.
                    stack.network().disturb("signature-service", LineMode.CUT);
                    stack.losses().awaitPublished();
                    stack.losses().markLost();
                    supervisor().promoteStandby();
                    stack.network().repair();
                    supervisor().resume();
                },
                () -> {
                    stack.losses().recover();
                    stack.losses().retryMissing();
                },
                Fault.SigningEffect.NOT_READY));
    }

    /** Replication makes no progress. */
    private void disturbReplication() {
        List<String> servers = PostgresCluster.parts();
        stack.network()
                .disturb((client, server) -> servers.contains(client) && servers.contains(server), LineMode.HANGING);
    }

    private void lines() {
        for (LineMode mode : List.of(LineMode.CUT, LineMode.HANGING)) {
            line("counter-projection", "signature-service", mode);
            line("notifier", "signature-service", mode);
            line("signature-service", "counter-projection", mode);
        }
        String one = stack.instances("signature-service").get(0);
        line(one, "PostgreSQL", LineMode.HANGING);
        line(one, "Kafka", LineMode.HANGING);
        add("replication hanging", this::disturbReplication, stack.network()::repair);
    }

    private void line(String from, String to, LineMode mode) {
        add(
                "line from " + from + " to " + to + " " + mode.name().toLowerCase(Locale.ROOT),
                () -> stack.network()
                        .disturb((client, server) -> client.startsWith(from) && server.startsWith(to), mode),
                stack.network()::repair);
    }
}
