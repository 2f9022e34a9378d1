package org.countersign.notifier.mail;

import jakarta.mail.MessagingException;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;

/**
 * Reports in readiness that the SMTP server is unavailable. Mails wait meanwhile. It also checks the server while no
 * mail is due.
 */
@Component("smtpServer")
class SmtpHealth implements HealthIndicator {

    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(10);

    private final JavaMailSenderImpl settings;
    private boolean working = true;
    private long lastKnown = System.nanoTime() - BETWEEN_CHECKS.toNanos();

    SmtpHealth(JavaMailSenderImpl settings) {
        this.settings = settings;
    }

    synchronized void worked() {
        working = true;
        lastKnown = System.nanoTime();
    }

    synchronized void failed() {
        working = false;
        lastKnown = System.nanoTime();
    }

    @Override
    public synchronized Health health() {
        if (System.nanoTime() - lastKnown > BETWEEN_CHECKS.toNanos()) {
            try {
                settings.testConnection();
                worked();
            } catch (MessagingException e) {
                failed();
            }
        }
        return working ? Health.up().build() : Health.status("DEGRADED").build();
    }
}
