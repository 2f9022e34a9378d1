package org.countersign.signature.publiclog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.counting.CountedEvent;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.publiclog.Receipt.ReceiptEntry;
import org.countersign.signature.publiclog.Receipt.Revealed;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.LogProof;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.TreeReader;
import org.springframework.stereotype.Component;

/** Makes receipts: proofs that a signature is in the public log. */
@Component
public class Receipts {

    private final LinkTokens tokens;
    private final EventLog log;
    private final Vault vault;
    private final LeafSources sources;
    private final LeafEncoder leaves;
    private final TreeStore store;
    private final LogKey key;

    Receipts(
            LinkTokens tokens,
            EventLog log,
            Vault vault,
            LeafSources sources,
            LeafEncoder leaves,
            TreeStore store,
            LogKey key) {
        this.tokens = tokens;
        this.log = log;
        this.vault = vault;
        this.sources = sources;
        this.leaves = leaves;
        this.store = store;
        this.key = key;
    }

    /** What a receipt discloses. */
    public enum Reveal {
        /** Everything that the entries commit to, and the key of the personal data. */
        ALL,
        /** Nothing but public entries and proofs, so that the receipt can be posted in public. */
        PUBLIC_ENTRIES
    }

    /** The entries of a signature and of its petition under a head. */
    private record SignatureEntries(SignedNote head, TreeReader tree, LeafSource petition, List<LeafSource> entries) {

        Optional<LeafSource> at(long position) {
            return Stream.concat(Stream.of(petition), entries.stream())
                    .filter(source -> source.position() == position)
                    .findFirst();
        }
    }

    /**
     * Makes the receipt of a signature.
     *
     * @param token from the mail, or from the page after confirmation
     * @throws Rejection if the token has expired, or the public log does not hold the signature yet
     */
    public Receipt receipt(String token, Reveal reveal) {
        UUID signature = signature(token);
        SignatureEntries found = find(signature);
        Map<Long, String> openings = reveal == Reveal.ALL ? openings(signature) : Map.of();
        return new Receipt(
                key.toString(),
                found.head().toString(),
                entry(found.petition(), found.tree(), Reveal.PUBLIC_ENTRIES, openings),
                found.entries().stream()
                        .map(source -> entry(source, found.tree(), reveal, openings))
                        .toList());
    }

    /**
     * Makes the proof of one entry. It holds nothing that is not public.
     *
     * @param token from the mail, or from the page after confirmation
     * @param position the position of an entry of the signature or of its petition; empty for the newest of the
     *     signature
     * @throws Rejection if the token has expired, or the public log does not hold the entry
     */
    public LogProof proof(String token, OptionalLong position) {
        SignatureEntries found = find(signature(token));
        LeafSource source = position.isEmpty()
                ? found.entries().get(found.entries().size() - 1)
                : found.at(position.getAsLong()).orElseThrow(Receipts::notYet);
        long index = source.position() - 1;
        return new LogProof(leaves.encode(source), index, found.tree().inclusion(index), found.head());
    }

    private UUID signature(String token) {
        return tokens.readAny(Set.of(LinkPurpose.RECEIPT, LinkPurpose.MY_DATA), token)
                .subject();
    }

    private SignatureEntries find(UUID signature) {
        TreeStore.StoredHead head = store.newestHead().orElseThrow(Receipts::notYet);
        List<LeafSource> entries = new ArrayList<>();
        for (StoredEvent event : log.stream(signature, 0)) {
            if (EarlierEvents.counted(event).filter(CountedEvent::isPublic).isPresent()) {
                EntryRef entry = EntryRef.ofEvent(event.index());
                store.position(entry).stream()
                        .filter(position -> position <= head.size())
                        .forEach(position -> entries.addAll(sources.read(position, List.of(entry))));
            }
        }
        if (entries.isEmpty()) {
            throw notYet();
        }
        return new SignatureEntries(
                head.note(),
                new TreeReader(head.size(), store::read),
                published(entries.get(0).event().petition().value()),
                entries);
    }

    private LeafSource published(String petition) {
        long position = store.petitionPosition(petition).orElseThrow(Receipts::notYet);
        return sources.read(position, List.of(store.entry(position))).get(0);
    }

    private Map<Long, String> openings(UUID signature) {
        return log.sealedEvents(List.of(signature)).stream()
                .collect(Collectors.toMap(
                        entry -> entry.event().index(),
                        entry -> Base64.getEncoder().encodeToString(vault.opening(entry.secret()))));
    }

    private ReceiptEntry entry(LeafSource source, TreeReader tree, Reveal reveal, Map<Long, String> openings) {
        List<String> proof = tree.inclusion(source.position() - 1).stream()
                .map(Base64.getEncoder()::encodeToString)
                .toList();
        boolean all = reveal == Reveal.ALL;
        return new ReceiptEntry(
                source.position(),
                new String(leaves.encode(source), StandardCharsets.UTF_8),
                proof,
                all ? Optional.of(revealed(source.position(), source.event(), openings)) : Optional.empty(),
                all
                        ? source.signing().map(signing -> revealed(source.position(), signing, openings))
                        : Optional.empty());
    }

    private Revealed revealed(long position, StoredEvent event, Map<Long, String> openings) {
        return new Revealed(
                HexFormat.of().formatHex(leaves.salt(position, event)),
                event.json(),
                Optional.ofNullable(openings.get(event.index())));
    }

    private static Rejection notYet() {
        return new Rejection(Rejection.Reason.NOT_LOGGED_YET);
    }
}
