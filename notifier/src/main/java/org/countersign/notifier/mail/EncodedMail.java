package org.countersign.notifier.mail;

import jakarta.mail.Address;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;

/** A mail as SMTP transmits it, with its envelope. The library would otherwise encode each part of each mail. */
final class EncodedMail extends MimeMessage {

    private final InternetAddress sender;
    private final InternetAddress recipient;
    private final byte[] mail;

    /** @param mail the header and the body */
    EncodedMail(Session session, InternetAddress sender, InternetAddress recipient, byte[] mail) {
        super(session);
        this.sender = sender;
        this.recipient = recipient;
        this.mail = mail;
    }

    @Override
    public Address[] getFrom() {
        return new Address[] {sender};
    }

    @Override
    public Address[] getAllRecipients() {
        return new Address[] {recipient};
    }

    @Override
    public void writeTo(OutputStream out, String[] withoutHeaders) throws IOException {
        out.write(mail);
    }
}
