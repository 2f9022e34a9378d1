package org.countersign.maildata;

import java.util.List;
import java.util.UUID;

/**
 * Tells the signature service which mails of invitations are planned. It returns the ids of further invitations.
 *
 * @param planned the invitations whose mail is planned durably
 */
public record InvitationMails(List<UUID> planned) {

    /** The path of the call on the signature service. */
    public static final String PATH = "/internal/invitation-mails";

    /** The maximum number of invitations in one answer. */
    public static final int MAX_BATCH_SIZE = 100;
}
