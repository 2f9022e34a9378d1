package org.countersign.signature.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.publiclog.LeafEncoder;
import org.countersign.signature.publiclog.TreeStore;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The transparency log as C2SP tlog-tiles has it, so that monitors made for other logs can follow it. */
@RestController
@RequestMapping("/log")
class PublicLogController {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    private static final CacheControl BRIEFLY =
            CacheControl.maxAge(Duration.ofSeconds(1)).cachePublic();

    private final TreeStore store;
    private final EventLog log;
    private final LeafEncoder leaves;
    private final LogKey key;

    PublicLogController(TreeStore store, EventLog log, LeafEncoder leaves, LogKey key) {
        this.store = store;
        this.log = log;
        this.leaves = leaves;
        this.key = key;
    }

    /** The newest signed head of the tree. */
    @GetMapping("/checkpoint")
    ResponseEntity<String> checkpoint() {
        return ResponseEntity.ok().contentType(TEXT).cacheControl(BRIEFLY).body(newest().toString());
    }

    /**
     * The key that heads are signed with, in the form {@code NAME+ID+BASE64}. Who wants to be sure has it from
     * elsewhere too.
     */
    @GetMapping("/key")
    ResponseEntity<String> key() {
        return ResponseEntity.ok().contentType(TEXT).cacheControl(BRIEFLY).body(key + "\n");
    }

    /** A tile of hashes, or the entries under one. */
    @GetMapping("/tile/{*path}")
    ResponseEntity<byte[]> tile(@PathVariable String path) {
        Tile.Request wanted = Tile.parse(path.substring(1)).orElseThrow(PublicLogController::noTile);
        byte[] body = wanted.entries() ? entries(wanted.tile()) : hashes(wanted.tile());
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(FOR_EVER)
                .body(body);
    }

    private byte[] hashes(Tile tile) {
        try {
            return store.read(tile);
        } catch (EmptyResultDataAccessException e) {
            throw noTile();
        }
    }

    /** Entries, each after its length in two bytes. */
    private byte[] entries(Tile tile) {
        long first = tile.index() * Tile.FULL;
        if (first + tile.width() > Checkpoint.parse(newest().text()).size()) {
            throw noTile();
        }
        List<StoredEvent> events = log.after(first, tile.width());
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (StoredEvent event : events) {
            byte[] entry = leaves.of(event);
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    private SignedNote newest() {
        return store.newest().orElseThrow(() -> new Rejection(Rejection.Reason.EMPTY_LOG));
    }

    private static Rejection noTile() {
        return new Rejection(Rejection.Reason.NO_TILE);
    }
}
