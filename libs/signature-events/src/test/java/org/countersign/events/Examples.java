package org.countersign.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An event of each type. */
public final class Examples {

    static final Instant NOON = Instant.parse("2030-05-01T12:00:00.123Z");
    static final PetitionSlug PETITION = new PetitionSlug("more-trees");
    static final SignatureId SIGNATURE = new SignatureId(UUID.fromString("5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab"));

    private static final UUID ALERT = UUID.fromString("1c0c3f0e-2a7b-8c1d-9e4f-0123456789ab");
    private static final UUID CASE = UUID.fromString("2d0c3f0e-2a7b-8c1d-9e4f-0123456789ab");
    private static final CountryCode ARMENIA = new CountryCode("AM");
    private static final Sealed SEALED = new Sealed(new byte[] {1, 2, 3, 4, 5});

    private static final PrivacyNotice NOTICE = new PrivacyNotice(
            "Trees for Everyone",
            "privacy@example.org",
            "To hand the petition over",
            "The Council",
            "Until six months after the end",
            true);

    private Examples() {}

    public static List<Event> ofEachType() {
        return List.of(
                new PetitionPublished(
                        PETITION,
                        NOON,
                        "More trees",
                        "Please *plant* some.",
                        List.of("The Council", "The Mayor"),
                        500,
                        List.of(3L, 500L),
                        "en",
                        Optional.of(NOON.plusSeconds(60)),
                        SEALED),
                new PetitionClosed(PETITION, NOON),
                new PetitionReopened(PETITION, NOON),
                new InvalidationCaseOpened(CASE, PETITION, NOON, 300, 280, "Made by a program", "organiser"),
                new PetitionSigned(
                        SIGNATURE, PETITION, NOON, 2, ARMENIA, SignatureStatus.WITHDRAWN, true, false, SEALED),
                new SignatureVerified(
                        SIGNATURE, PETITION, NOON, 1, ARMENIA, true, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
                new SignatureWithdrawn(SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED),
                new SignatureExpired(
                        SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.PENDING, SignatureStatus.EXPIRED),
                new SignatureInvalidated(
                        SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED, "not a person"),
                new SignatureReinstated(
                        SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED, "a person after all"),
                new SignerErased(SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED),
                new SigningRepeated(SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED, Optional.empty()),
                new UpdatesStopped(SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED),
                new ContactConsentWithdrawn(SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.VERIFIED),
                new AlertRequested(ALERT, PETITION, NOON, List.of(3L, 500L), SEALED),
                new AlertStopped(ALERT, PETITION, NOON, true),
                new SigningRulesChanged(
                        PETITION,
                        NOON,
                        "organiser",
                        "a bot signs from one domain",
                        new SigningRules(
                                new SigningRules.RuleList(List.of("uni.example.edu"), List.of("192.0.2.0/24")),
                                new SigningRules.RuleList(List.of("*.evil.example"), List.of()),
                                new SigningRules.RuleList(List.of(), List.of("2001:db8::/32")),
                                Optional.of(new SigningRules.SigningLimit(60, 30)),
                                Optional.of(new SigningRules.SigningLimit(20, 10)),
                                Optional.empty())),
                new SigningAttackDetected(
                        PETITION, NOON, List.of(new SigningAttackDetected.AttackAnomaly("domain", 42))),
                new PrivacyNoticeChanged(
                        PETITION,
                        NOON,
                        "organiser",
                        2,
                        new PrivacyNotice(
                                "Mill Street Neighbours",
                                "privacy@example.org",
                                "To hand the petition over",
                                "The council",
                                "A year",
                                true)),
                new MilestoneReached(PETITION, NOON, 3, 500, 17));
    }

    /** Events with the fields that are usually absent. */
    static List<Event> withOptionalFields() {
        return List.of(
                new PetitionPublished(
                        PETITION,
                        NOON,
                        "More trees",
                        "Please *plant* some.",
                        List.of("The Council"),
                        500,
                        List.of(),
                        "en",
                        Optional.empty(),
                        SEALED,
                        List.of("environment", "a-topic-of-a-later-version"),
                        Optional.of(NOTICE),
                        Optional.of(CASE),
                        false),
                new PetitionSigned(
                        SIGNATURE,
                        PETITION,
                        NOON,
                        3,
                        ARMENIA,
                        SignatureStatus.PENDING,
                        true,
                        false,
                        SEALED,
                        2,
                        SignerConsent.NONE),
                new PetitionSigned(
                        SIGNATURE,
                        PETITION,
                        NOON,
                        1,
                        ARMENIA,
                        SignatureStatus.NONE,
                        true,
                        false,
                        SEALED,
                        0,
                        new SignerConsent(2, true, true)),
                new SignatureInvalidated(
                        SIGNATURE,
                        PETITION,
                        NOON,
                        1,
                        ARMENIA,
                        SignatureStatus.PENDING,
                        "made by a program",
                        Optional.of(CASE)),
                new SignatureReinstated(
                        SIGNATURE,
                        PETITION,
                        NOON,
                        1,
                        ARMENIA,
                        SignatureStatus.VERIFIED,
                        "the wrong domain",
                        Optional.of(CASE)),
                new SigningRepeated(
                        SIGNATURE, PETITION, NOON, 1, ARMENIA, SignatureStatus.INVALIDATED, Optional.of(SEALED)));
    }
}
