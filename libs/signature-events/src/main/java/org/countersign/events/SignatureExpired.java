package org.countersign.events;

import java.time.Instant;

/**
 * A round was not confirmed in time. The signature stays pending if a later round waits for confirmation.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round that was not confirmed
 * @param country the signer's country
 * @param was the status before: pending, or invalidated
 * @param becomes the status after: expired, pending if a later round waits, or invalidated
 */
public record SignatureExpired(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus was,
        SignatureStatus becomes)
        implements SignatureEvent {}
