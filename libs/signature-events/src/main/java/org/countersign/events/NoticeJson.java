package org.countersign.events;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * The JSON form of a privacy notice in an event. Its fields are beside those of the event, and begin with
 * {@code notice}.
 */
final class NoticeJson {

    private static final String VERSION = "noticeVersion";
    private static final String CONTROLLER = "noticeController";
    private static final String CONTACT = "noticeContact";
    private static final String PURPOSE = "noticePurpose";
    private static final String RECIPIENTS = "noticeRecipients";
    private static final String RETENTION = "noticeRetention";
    private static final String CONSENT = "noticeConsent";

    private static final String ACTOR = "actor";
    private static final String REMINDERS = "reminders";

    private static final String SIGNED_VERSION = "notice";
    private static final String TICKED_CONSENT = "consent";
    private static final String TICKED_CONTACT = "contact";

    private NoticeJson() {}

    /** Writes what a publication says about mails and personal data. What is as usual is absent. */
    static void write(PetitionPublished published, JsonGenerator json) {
        published.notice().ifPresent(notice -> write(PrivacyNotice.FIRST_VERSION, notice, json));
        if (!published.reminders()) {
            json.writeBooleanProperty(REMINDERS, false);
        }
    }

    /** Tells whether a petition reminds its signers. Earlier releases do not say so. */
    static boolean reminders(EventJson.Fields fields) {
        return fields.optional(REMINDERS, Boolean.class).orElse(true);
    }

    private static void write(int version, PrivacyNotice notice, JsonGenerator json) {
        json.writeNumberProperty(VERSION, version);
        json.writeStringProperty(CONTROLLER, notice.controller());
        json.writeStringProperty(CONTACT, notice.contact());
        json.writeStringProperty(PURPOSE, notice.purpose());
        json.writeStringProperty(RECIPIENTS, notice.recipients());
        json.writeStringProperty(RETENTION, notice.retention());
        json.writeBooleanProperty(CONSENT, notice.consent());
    }

    /** Reads the notice of a publication, which is absent in events of earlier releases. */
    static Optional<PrivacyNotice> optional(EventJson.Fields fields) {
        return fields.optional(CONTROLLER, String.class).map(controller -> read(fields));
    }

    static void write(PrivacyNoticeChanged changed, JsonGenerator json) {
        json.writeStringProperty(ACTOR, changed.actor());
        write(changed.version(), changed.notice(), json);
    }

    static PrivacyNoticeChanged changed(PetitionSlug petition, Instant at, EventJson.Fields fields) {
        return new PrivacyNoticeChanged(
                petition, at, fields.text(ACTOR), Math.toIntExact(fields.number(VERSION)), read(fields));
    }

    private static PrivacyNotice read(EventJson.Fields fields) {
        return new PrivacyNotice(
                fields.text(CONTROLLER),
                fields.text(CONTACT),
                fields.text(PURPOSE),
                fields.text(RECIPIENTS),
                fields.text(RETENTION),
                fields.flag(CONSENT));
    }

    /** Writes what a signer ticked. What was not ticked is absent, so that most signings stay short. */
    static void write(SignerConsent given, JsonGenerator json) {
        if (given.notice() > 0) {
            json.writeNumberProperty(SIGNED_VERSION, given.notice());
        }
        if (given.consent()) {
            json.writeBooleanProperty(TICKED_CONSENT, true);
        }
        if (given.contact()) {
            json.writeBooleanProperty(TICKED_CONTACT, true);
        }
    }

    static SignerConsent given(EventJson.Fields fields) {
        return new SignerConsent(
                Math.toIntExact(fields.optional(SIGNED_VERSION, Long.class).orElse(0L)),
                fields.optional(TICKED_CONSENT, Boolean.class).orElse(false),
                fields.optional(TICKED_CONTACT, Boolean.class).orElse(false));
    }
}
