package org.countersign.signature.domain;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** A request that is understood and refused, as the caller should expect. */
public class Rejection extends RuntimeException {

    /** Why, and with it the status of the answer. */
    public enum Reason {
        /** No petition is called so. */
        NO_PETITION(HttpStatus.NOT_FOUND, "There is no petition of this name."),
        /** Nobody's signature has this id. */
        NO_SIGNATURE(HttpStatus.NOT_FOUND, "There is no such signature."),
        /** Nobody is told, or not any more. */
        NO_ALERT(HttpStatus.NOT_FOUND, "Nobody is told of this petition's milestones under this id."),
        /** The public log is behind: soon there is something. */
        NOT_LOGGED_YET(HttpStatus.NOT_FOUND, "It is not in the public log yet. Please try again in a few seconds."),
        /** Nothing has happened yet. */
        EMPTY_LOG(HttpStatus.NOT_FOUND, "The log has no entry yet."),
        /** The log is shorter, or is not cut like that. */
        NO_TILE(HttpStatus.NOT_FOUND, "The log has no such tile."),
        /** Names are given once. */
        NAME_TAKEN(HttpStatus.CONFLICT, "There is a petition of this name already; choose another slug."),
        /** Whoever reads mail there has stopped it. */
        WANTS_NO_ALERTS(
                HttpStatus.CONFLICT, "Whoever reads mail at this address does not want to be told of this petition."),
        /** Mail to very many is for those who asked for it. */
        ENOUGH_ALERTS(
                HttpStatus.CONFLICT,
                "Enough people are told of this petition's milestones; stop telling one of them first."),
        /** Nobody can sign any more. */
        CLOSED(HttpStatus.CONFLICT, "This petition is closed and takes no more signatures."),
        /** Nobody can confirm any more either. */
        CLOSED_LONG(
                HttpStatus.CONFLICT,
                "This petition has been closed for more than a day: signatures can't be confirmed any more."),
        /** Its signer took it back. */
        WAS_WITHDRAWN(HttpStatus.CONFLICT, "This signature was withdrawn and can't be confirmed."),
        /** A moderator took it off the count. */
        WAS_INVALIDATED(HttpStatus.CONFLICT, "This signature was invalidated and can't be confirmed."),
        /** The time to confirm is over. */
        NOT_CONFIRMED_IN_TIME(
                HttpStatus.GONE, "This signature was not confirmed in time. Sign again to get a new link."),
        /** The signer has signed again since. */
        EARLIER_SIGNATURE(
                HttpStatus.GONE, "This link belongs to an earlier signature. Use the one in the newest mail."),
        /** The link's time is over. */
        LINK_EXPIRED(HttpStatus.GONE, "This link has expired. Sign again to get a new one.");

        private final HttpStatus status;
        private final String message;

        Reason(HttpStatus status, String message) {
            this.status = status;
            this.message = message;
        }

        /** The name in keys of texts: lower case with hyphens. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    public Rejection(Reason reason) {
        super(reason.message, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** The status of the answer. */
    public HttpStatus status() {
        return reason.status;
    }

    /** The problem's title. */
    public String title() {
        return switch (reason.status) {
            case NOT_FOUND -> "Not found";
            case GONE -> "No longer valid";
            default -> "Not possible now";
        };
    }
}
