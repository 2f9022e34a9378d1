package org.countersign.signature.web.petition;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.web.counts.CounterClient;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The map of the countries that the signatures of a petition come from. */
@Controller
public class MapPage {

    private static final MediaType SVG = MediaType.parseMediaType("image/svg+xml");
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Petitions petitions;
    private final CounterClient counter;
    private final WorldMap map;
    private final CacheControl cacheControl;
    private final Cache<PetitionSlug, byte[]> maps;

    MapPage(
            Petitions petitions,
            CounterClient counter,
            WorldMap map,
            @Value("${countersign.pages.max-age}") Duration maxAge) {
        this.petitions = petitions;
        this.counter = counter;
        this.map = map;
        this.cacheControl = CacheControl.maxAge(maxAge).cachePublic();
        this.maps =
                Caffeine.newBuilder().expireAfterWrite(maxAge).maximumSize(200).build();
    }

    @GetMapping("/petitions/{slug}/map.svg")
    ResponseEntity<byte[]> map(@PathVariable String slug) {
        Petition petition = petitions.get(slug);
        try {
            return ResponseEntity.ok()
                    .contentType(SVG)
                    .cacheControl(cacheControl)
                    .body(maps.get(petition.slug(), this::draw));
        } catch (CompletionException e) {
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .header("Retry-After", "5")
                    .build();
        }
    }

    private byte[] draw(PetitionSlug petition) {
        Map<String, Long> counts = counter.get("/api/petitions/" + petition + "/counts/countries", TIMEOUT)
                .join()
                .valueStream()
                .collect(Collectors.toMap(
                        one -> one.path("country").asString(),
                        one -> one.path("verified").asLong()));
        return map.svg(counts).getBytes(StandardCharsets.UTF_8);
    }
}
