package org.countersign.localstack.server;

import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.StreamProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** A parsed mail. The component names are the field names of the mailbox's JSON. */
record MailMessage(
        int id,
        Instant receivedAt,
        String to,
        String from,
        String subject,
        String text,
        String html,
        Map<String, String> headers) {

    static {
        // Without this property, each part of each mail searches all jars for the provider.
        System.setProperty(StreamProvider.class.getName(), "org.eclipse.angus.mail.util.MailStreamProvider");
    }

    // The creation of a session reads the settings of all mail providers, which is slower than parsing a mail.
    private static final Session SESSION = Session.getInstance(new Properties());

    /** @param withHtml whether the HTML is decoded; it is empty otherwise */
    static MailMessage of(MailStore.StoredMail mail, boolean withHtml) {
        try {
            MimeMessage message = new MimeMessage(SESSION, new ByteArrayInputStream(mail.message()));
            Map<String, String> headers = new LinkedHashMap<>();
            for (Header header : Collections.list(message.getAllHeaders())) {
                headers.putIfAbsent(header.getName(), header.getValue());
            }
            String from = message.getFrom() == null ? "" : message.getFrom()[0].toString();
            return new MailMessage(
                    mail.id(),
                    mail.receivedAt(),
                    mail.to(),
                    from,
                    Objects.requireNonNullElse(message.getSubject(), ""),
                    body(message, "text/plain"),
                    withHtml ? body(message, "text/html") : "",
                    headers);
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("mail " + mail.id() + " cannot be parsed", e);
        }
    }

    private static String body(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return part.getContent().toString();
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                String body = body(parts.getBodyPart(i), type);
                if (!body.isEmpty()) {
                    return body;
                }
            }
        }
        return "";
    }
}
