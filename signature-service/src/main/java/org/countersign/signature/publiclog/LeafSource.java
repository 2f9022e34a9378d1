package org.countersign.signature.publiclog;

import java.util.Optional;
import org.countersign.counting.StatusTransition;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.eventlog.StoredEvent;

/**
 * What an entry is encoded from.
 *
 * @param position the position of the entry, from 1
 * @param entry the reference to its event
 * @param event the event
 * @param text the fingerprint of the petition's text
 * @param transition the status change of a signature event
 * @param was the public status of the signature before the entry
 * @param signing the signing that makes the signature count from this entry on
 */
record LeafSource(
        long position,
        EntryRef entry,
        StoredEvent event,
        String text,
        Optional<StatusTransition> transition,
        SignatureStatus was,
        Optional<StoredEvent> signing) {}
