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

/** Serves the transparency log in the C2SP tlog-tiles format, so that monitors of other logs can follow it. */
@RestController
@RequestMapping("/log")
class PublicLogController {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
    private static final CacheControl TILE_CACHE_CONTROL =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    private static final CacheControl HEAD_CACHE_CONTROL =
            CacheControl.maxAge(Duration.ofSeconds(1)).cachePublic();

    private final PublicLog log;

    PublicLogController(PublicLog log) {
        this.log = log;
    }

    /** Returns the newest signed head of the tree. */
    @GetMapping("/checkpoint")
    ResponseEntity<String> checkpoint() {
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(HEAD_CACHE_CONTROL)
                .body(log.checkpoint().toString());
    }

    /**
     * Returns the key that signs the heads, in the form {@code NAME+ID+BASE64}.
     *
     * <p>A client that does not trust this service must get the key from another source.
     */
    @GetMapping("/key")
    ResponseEntity<String> key() {
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(HEAD_CACHE_CONTROL)
                .body(log.key() + "\n");
    }

    /** Returns a tile of hashes, or the entries below a tile. */
    @GetMapping("/tile/{*path}")
    ResponseEntity<byte[]> tile(@PathVariable String path) {
        Tile.TileRequest tile =
                Tile.parse(path.substring(1)).orElseThrow(() -> new Rejection(Rejection.Reason.NO_TILE));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(TILE_CACHE_CONTROL)
                .body(log.tile(tile));
    }
}
