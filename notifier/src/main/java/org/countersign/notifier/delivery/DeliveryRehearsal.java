package org.countersign.notifier.delivery;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.countersign.support.warmup.Rehearsal;
import org.countersign.support.warmup.RehearsalDatabase;
import org.countersign.support.warmup.RehearsalTime;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rehearses the delivery of mails: planned, leased, sent to a server that discards them, and recorded. */
@Component
class DeliveryRehearsal implements Rehearsal {

    /** The petition of all mails of the warm-up. It is in no table. */
    private static final String PETITION = "warm-up";

    private static final int BATCH_SIZE = 50;

    private final DataSource dataSource;
    private final RehearsedMail mail;

    DeliveryRehearsal(DataSource dataSource, RehearsedMail mail) {
        this.dataSource = dataSource;
        this.mail = mail;
    }

    @Override
    public long rehearse(RehearsalTime time) throws Exception {
        try (RehearsalDatabase database = RehearsalDatabase.open(dataSource, List.of("delivery"));
                DeliverySender sender = mail.open()) {
            SendingStart start = new SendingStart();
            start.begin();
            Deliveries deliveries = new Deliveries(
                    JdbcClient.create(database.dataSource()), new JdbcTemplate(database.dataSource()), PETITION, start);
            long sent = 0;
            while (!time.isOver() && sent < ENOUGH) {
                sent += sendBatch(deliveries, sender);
            }
            return sent;
        }
    }

    private static int sendBatch(Deliveries deliveries, DeliverySender sender) throws SQLException {
        deliveries.plan(IntStream.range(0, BATCH_SIZE)
                .mapToObj(number -> confirmation())
                .toList());
        List<LeasedDelivery> leased = new ArrayList<>(deliveries.lease(DeliveryChannel.MAIL, BATCH_SIZE));
        Map<Delivery, DeliveryOutcome> outcomes =
                sender.send(leased.stream().map(LeasedDelivery::delivery).toList());
        if (outcomes.values().stream().anyMatch(outcome -> outcome.result() != DeliveryOutcome.Result.SENT)) {
            throw new SQLException("The mails of the warm-up were not sent: " + outcomes.values());
        }
        deliveries.record(leased.stream()
                .collect(Collectors.toMap(delivery -> delivery, delivery -> outcomes.get(delivery.delivery()))));
        return leased.size();
    }

    private static Delivery confirmation() {
        return new Delivery(
                UUID.randomUUID(),
                DeliveryKind.CONFIRM,
                new Recipient.SignerRecipient(UUID.randomUUID(), 1),
                Delivery.Content.of(PETITION),
                Optional.empty(),
                Optional.of("0123456789abcdef0123456789abcdef"));
    }
}
