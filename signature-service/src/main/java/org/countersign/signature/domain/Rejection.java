package org.countersign.signature.domain;

import java.util.Locale;

/** A command or query that the domain rejects for a reason that the caller can understand. */
public class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reasons of rejections. The HTTP API maps each to a status. */
    public enum Reason {
        /** No petition has this slug. */
        NO_PETITION("There is no petition of this name."),
        /** No signature has this id. */
        NO_SIGNATURE("There is no such signature."),
        /** No alert has this id, or it was stopped. */
        NO_ALERT("This petition has no alert with this id."),
        /** No case has this id. */
        NO_CASE("There is no such case."),
        /** No organisation has this slug. */
        NO_ORGANISATION("There is no such organisation."),
        /** The person is no member of the organisation. */
        NO_PERSON("This organisation has no such person."),
        /** The organisation has no API token with this id. */
        NO_API_TOKEN("This organisation has no such API token."),
        /** Another organisation has this slug. */
        ORGANISATION_NAME_TAKEN("There is an organisation of this slug already; choose another one."),
        /** The public log is behind the event log, or the signature was never confirmed. */
        NOT_LOGGED_YET("It is not in the public log yet. Confirm the signature first, or try again in a few seconds."),
        /** The public log has no entry. */
        EMPTY_LOG("The log has no entry yet."),
        /** The public log is shorter, or the tile's width is wrong. */
        NO_TILE("The log has no such tile."),
        /** Another petition has this slug. */
        NAME_TAKEN("There is a petition of this name already; choose another slug."),
        /** The recipient has stopped the alerts for good. */
        WANTS_NO_ALERTS("The owner of this address does not want alerts of this petition."),
        /** The petition has the maximum number of recipients. */
        ENOUGH_ALERTS("This petition already has 50 recipients; remove one of them first."),
        /** The case is still invalidating signatures. */
        CASE_IS_RUNNING("This case is still running. Cancel it first, or wait until it is done."),
        /** The case has ended, or is being undone. */
        CASE_HAS_ENDED("This case has ended already. Nothing was changed."),
        /** The petition takes no more signatures. */
        CLOSED("This petition is closed and takes no more signatures."),
        /** The petition was closed too long ago to confirm signatures. */
        CLOSED_LONG("This petition has been closed for more than a day: signatures can't be confirmed any more."),
        /** The signer withdrew the signature. */
        WAS_WITHDRAWN("This signature was withdrawn and can't be confirmed."),
        /** A moderator invalidated the signature. */
        WAS_INVALIDATED("This signature was invalidated and can't be confirmed."),
        /** The signature expired before it was confirmed. */
        NOT_CONFIRMED_IN_TIME("This signature was not confirmed in time. Sign again to get a new link."),
        /** The link belongs to an earlier round of the signature. */
        EARLIER_SIGNATURE("This link belongs to an earlier signature. Use the one in the newest mail."),
        /** The signature was confirmed with the link of another round. */
        OTHER_MAIL_CONFIRMED(
                "This signature is confirmed already, from another mail. To change it, withdraw and sign again."),
        /** The link's lifetime is over. */
        LINK_EXPIRED("This link has expired. Sign again to get a new one.");

        private final String message;

        Reason(String message) {
            this.message = message;
        }

        /** Returns the name in keys of message bundles: lower case with hyphens. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    /** @param reason why the command or query is rejected */
    public Rejection(Reason reason) {
        super(reason.message, null, false, false);
        this.reason = reason;
    }

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }
}
