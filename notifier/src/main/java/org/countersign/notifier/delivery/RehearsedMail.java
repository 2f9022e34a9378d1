package org.countersign.notifier.delivery;

import java.io.IOException;

/** Opens senders for the warm-up. */
public interface RehearsedMail {

    /**
     * Opens a sender whose mails reach nobody. It knows every recipient and every petition.
     *
     * @throws IOException if no port is free on loopback
     */
    DeliverySender open() throws IOException;
}
