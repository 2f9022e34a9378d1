package org.countersign.signature.domain.signature;

import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;

/**
 * The status of a signature.
 *
 * @param id the signature
 * @param petition the petition that it signs
 * @param status the status after the command
 */
public record SignatureView(SignatureId id, PetitionSlug petition, SignatureStatus status) {}
