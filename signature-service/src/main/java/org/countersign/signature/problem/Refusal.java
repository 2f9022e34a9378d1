package org.countersign.signature.problem;

import org.springframework.http.HttpStatus;

/** A request that is understood and refused, as the caller should expect. The message is for the caller. */
public class Refusal extends RuntimeException {

    /** Why, and with it the status of the answer. */
    public enum Reason {
        /** What it is about does not exist. */
        NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
        /** It can't be done in the state things are in. */
        CONFLICT(HttpStatus.CONFLICT, "Not possible now"),
        /** It was possible once. */
        GONE(HttpStatus.GONE, "No longer valid");

        private final HttpStatus status;
        private final String title;

        Reason(HttpStatus status, String title) {
            this.status = status;
            this.title = title;
        }
    }

    private final Reason reason;

    public Refusal(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The status of the answer. */
    public HttpStatus status() {
        return reason.status;
    }

    /** The problem's title. */
    public String title() {
        return reason.title;
    }
}
