package org.countersign.notifier.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.notifier.access.InvalidFieldException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/api/webhooks")
class WebhookController {

    private static final Set<String> EVENTS = Set.of(
            "milestone.reached", "petition.published", "petition.closed", "petition.reopened", "petition.attack");
    private static final int LONGEST_URL = 2000;

    private final Webhooks webhooks;
    private final WebhookKeys keys;
    private final WebhookTargetPolicy destinations;

    WebhookController(Webhooks webhooks, WebhookKeys keys, WebhookTargetPolicy destinations) {
        this.webhooks = webhooks;
        this.keys = keys;
        this.destinations = destinations;
    }

    record WebhookRequest(String petition, String url, List<String> events, String format) {

        /** Returns the requested format, or the standard one. */
        WebhookFormat form() {
            return format == null
                    ? WebhookFormat.STANDARD
                    : WebhookFormat.of(format)
                            .orElseThrow(
                                    () -> new InvalidFieldException("format", "must be standard, slack or discord"));
        }
    }

    /** @param secret the key that verifies signatures. It is returned only once */
    record Created(UUID id, String petition, String url, List<String> events, String format, String secret) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Created> create(@RequestBody WebhookRequest request) {
        if (request.petition() != null && !PetitionSlug.isSlug(request.petition())) {
            throw new InvalidFieldException("petition", "must be the slug of a petition");
        }
        if (request.events() == null || request.events().isEmpty() || !EVENTS.containsAll(request.events())) {
            throw new InvalidFieldException(
                    "events",
                    "must be some of milestone.reached, petition.published, petition.closed, petition.reopened, "
                            + "petition.attack");
        }
        WebhookFormat format = request.form();
        URI url = url(request.url());
        UUID id = webhooks.add(Optional.ofNullable(request.petition()), url, List.copyOf(request.events()), format);
        return ResponseEntity.created(URI.create("/api/webhooks/" + id))
                .body(new Created(
                        id, request.petition(), url.toString(), request.events(), format.text(), keys.secret(id)));
    }

    private URI url(String text) {
        try {
            URI url = new URI(text == null ? "" : text.strip());
            boolean usable = text != null
                    && text.length() <= LONGEST_URL
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()));
            if (usable) {
                destinations.requireAllowed(url);
                return url;
            }
        } catch (URISyntaxException e) {
            throw new InvalidFieldException("url", "must be an address such as https://example.org/hook");
        } catch (WebhookTargetPolicy.ForbiddenTargetException e) {
            throw new InvalidFieldException("url", String.valueOf(e.getMessage()));
        }
        throw new InvalidFieldException("url", "must be an address such as https://example.org/hook");
    }

    @GetMapping
    List<Webhooks.Webhook> all() {
        return webhooks.all();
    }

    /** Sends a test call. The list of deliveries shows the outcome. */
    @PostMapping("/{id}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, UUID> test(@PathVariable UUID id) {
        return Map.of("delivery", webhooks.test(id).orElseThrow(WebhookController::unknown));
    }

    private static ResponseStatusException unknown() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such webhook.");
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable UUID id) {
        if (!webhooks.remove(id)) {
            throw unknown();
        }
    }
}
