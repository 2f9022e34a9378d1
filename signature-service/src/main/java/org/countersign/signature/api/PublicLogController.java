package org.countersign.signature.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.publiclog.PublicLog;
import org.countersign.transparency.Tile;
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

    private final PublicLog log;

    PublicLogController(PublicLog log) {
        this.log = log;
    }

    /** The newest signed head of the tree. */
    @GetMapping("/checkpoint")
    ResponseEntity<String> checkpoint() {
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(BRIEFLY)
                .body(log.checkpoint().toString());
    }

    /**
     * The key that heads are signed with, in the form {@code NAME+ID+BASE64}. Who wants to be sure has it from
     * elsewhere too.
     */
    @GetMapping("/key")
    ResponseEntity<String> key() {
        return ResponseEntity.ok().contentType(TEXT).cacheControl(BRIEFLY).body(log.key() + "\n");
    }

    /** A tile of hashes, or the entries under one. */
    @GetMapping("/tile/{*path}")
    ResponseEntity<byte[]> tile(@PathVariable String path) {
        Tile.Request wanted = Tile.parse(path.substring(1)).orElseThrow(() -> new Rejection(Rejection.Reason.NO_TILE));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(FOR_EVER)
                .body(log.tile(wanted));
    }
}
