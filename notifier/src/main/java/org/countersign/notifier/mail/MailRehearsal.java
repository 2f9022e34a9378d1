package org.countersign.notifier.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.counting.Milestones;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailLinks;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliverySender;
import org.countersign.notifier.delivery.RehearsedMail;
import org.countersign.notifier.petition.PetitionFacts;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;

/** Composes and sends the mails of the warm-up with the code of the real ones. */
@Component
class MailRehearsal implements RehearsedMail {

    private static final PetitionFacts PETITION = new PetitionFacts("Warm-up", "en", new Milestones(List.of(), 100));
    private static final String LINK =
            "http://localhost/warm-up?token=AVsuuiW0gYzCmdgHJTqAHMUAAWsSawLZHwoG367jxcITKUaF";
    private static final MailData PERSON = new MailData(
            "Wanda Warm", "wanda@warm-up.example", "en", new MailLinks(LINK, LINK, LINK, LINK, LINK, LINK, LINK), null);

    private final MessageSource texts;
    private final String from;

    MailRehearsal(MessageSource texts, @Value("${countersign.mail.from}") String from) {
        this.texts = texts;
        this.from = from;
    }

    @Override
    public DeliverySender open() throws IOException {
        DiscardingSmtpServer server = new DiscardingSmtpServer();
        JavaMailSenderImpl settings = new JavaMailSenderImpl();
        settings.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        settings.setPort(server.port());
        DeliverySender sender = new SmtpSender(
                settings,
                deliveries ->
                        deliveries.stream().map(delivery -> Optional.of(PERSON)).toList(),
                SmtpSender.Limits.NONE,
                new MailComposer(texts, petition -> Optional.of(PETITION), from),
                new SmtpHealth(settings));
        return new DeliverySender() {
            @Override
            public Map<Delivery, DeliveryOutcome> send(List<Delivery> deliveries) {
                return sender.send(deliveries);
            }

            @Override
            public void idle() {
                sender.idle();
            }

            @Override
            public void close() {
                sender.close();
                server.close();
            }
        };
    }
}
