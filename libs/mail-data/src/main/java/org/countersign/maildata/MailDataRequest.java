package org.countersign.maildata;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names one mail: that of a signature in a round, of an alert or of an invitation, or otherwise that of the petition's
 * organiser.
 *
 * @param petition the petition's slug
 * @param signature the signature, for mails to signers
 * @param round the round of the signature, 0 for other mails
 * @param alert the alert, for mails to alert recipients
 * @param pendingFor for a reminder, the seconds for which the round has waited for confirmation. Absent for other
 *     mails. A signature service of an earlier release ignores it
 * @param invitation the invitation, for mails to invited people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MailDataRequest(
        String petition,
        @Nullable UUID signature,
        int round,
        @Nullable UUID alert,
        @Nullable Long pendingFor,
        @Nullable UUID invitation) {

    /** Names a mail that is neither a reminder nor an invitation. */
    public MailDataRequest(String petition, @Nullable UUID signature, int round, @Nullable UUID alert) {
        this(petition, signature, round, alert, null, null);
    }

    /** The path of the call on the signature service. It takes and returns at most {@link #MAX_BATCH_SIZE} elements. */
    public static final String PATH = "/internal/mail-data";

    /** The maximum number of mails in one call. */
    public static final int MAX_BATCH_SIZE = 1000;
}
