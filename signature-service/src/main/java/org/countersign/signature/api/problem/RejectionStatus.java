package org.countersign.signature.api.problem;

import org.countersign.signature.domain.Rejection;
import org.springframework.http.HttpStatus;

/** Maps the reasons of the domain's rejections to HTTP. */
public final class RejectionStatus {

    private RejectionStatus() {}

    /**
     * Returns the HTTP status of a rejection.
     *
     * @param rejection the rejection of a command or query
     * @return the status of the response
     */
    public static HttpStatus of(Rejection rejection) {
        return switch (rejection.reason()) {
            case NO_PETITION,
                    NO_SIGNATURE,
                    NO_ALERT,
                    NO_CASE,
                    NO_ORGANISATION,
                    NO_PERSON,
                    NO_API_TOKEN,
                    NOT_LOGGED_YET,
                    EMPTY_LOG,
                    NO_TILE -> HttpStatus.NOT_FOUND;
            case NOT_CONFIRMED_IN_TIME, EARLIER_SIGNATURE, LINK_EXPIRED -> HttpStatus.GONE;
            case NAME_TAKEN,
                    ORGANISATION_NAME_TAKEN,
                    WANTS_NO_ALERTS,
                    ENOUGH_ALERTS,
                    CLOSED,
                    CASE_IS_RUNNING,
                    CASE_HAS_ENDED,
                    CLOSED_LONG,
                    OTHER_MAIL_CONFIRMED,
                    WAS_WITHDRAWN,
                    WAS_INVALIDATED -> HttpStatus.CONFLICT;
        };
    }

    /** Returns the title of the problem details of a rejection with this status. */
    static String title(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "Not found";
            case GONE -> "No longer valid";
            default -> "Not possible now";
        };
    }
}
