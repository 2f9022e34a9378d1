package org.countersign.signature.application;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SigningAttackDetected.AttackAnomaly;
import org.countersign.signature.domain.petition.PetitionCommand.ReportAttack;
import org.countersign.signature.signals.AttackListener;
import org.countersign.signature.signals.AttackReports.ReportedAnomaly;
import org.springframework.stereotype.Component;

/** Records the begin of an attack as an event, which causes a mail to the organiser and webhook calls. */
@Component
class AttackAlerts implements AttackListener {

    private static final double PERCENT = 100;

    private final CommandDispatcher commands;
    private final Clock clock;

    AttackAlerts(CommandDispatcher commands, Clock clock) {
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    public void attackBegins(PetitionSlug petition, List<ReportedAnomaly> anomalies) {
        commands.send(new ReportAttack(petition, clock.instant(), largestOfEachKind(anomalies)));
    }

    private static List<AttackAnomaly> largestOfEachKind(List<ReportedAnomaly> anomalies) {
        Map<String, Long> percents = new TreeMap<>();
        anomalies.forEach(anomaly -> percents.merge(anomaly.kind(), Math.round(PERCENT * anomaly.share()), Math::max));
        return percents.entrySet().stream()
                .map(entry -> new AttackAnomaly(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(AttackAnomaly::percent).reversed())
                .toList();
    }
}
