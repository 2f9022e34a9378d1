package org.countersign.signature.api;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.application.HeldCalls;
import org.countersign.signature.application.HeldCalls.HeldOverview;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.signature.HeldWindow;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows, releases and dismisses held sign calls. */
@RestController
@RequestMapping("/api/petitions/{petition}/held")
class HeldController {

    private static final int MAX_LISTED = 1000;
    private static final int MAX_IDS = 1000;

    private final HeldCalls held;

    HeldController(HeldCalls held) {
        this.held = held;
    }

    /** What to release or dismiss: calls by their ids, or those of a rule and a window of time. */
    record ChosenCalls(
            @Nullable List<@Nullable String> ids,
            @Nullable String rule,
            @Nullable String from,
            @Nullable String to) {

        HeldWindow window() {
            return HeldController.window(rule, from, to);
        }

        /** Returns the ids, or empty if the body names a rule. */
        Optional<List<UUID>> valid() {
            if (ids == null) {
                return Optional.empty();
            }
            FieldErrors errors = new FieldErrors();
            if (rule != null || from != null || to != null) {
                errors.reject("ids", "must stand alone: give either \"ids\", or a \"rule\" with \"from\" and \"to\"");
            }
            if (ids.isEmpty() || ids.size() > MAX_IDS) {
                errors.reject("ids", "must have from 1 to " + MAX_IDS + " entries");
            }
            errors.throwIfAny();
            List<UUID> valid = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                String id = ids.get(i);
                valid.add(errors.parse("ids[" + i + "]", () -> id(id)));
            }
            errors.throwIfAny();
            return Optional.of(valid);
        }

        private static UUID id(@Nullable String text) {
            if (text != null && text.length() == 36) {
                try {
                    return UUID.fromString(text);
                } catch (IllegalArgumentException e) {
                    // The message below says what is wrong.
                }
            }
            throw new IllegalArgumentException("must be the id of a held call");
        }
    }

    @GetMapping
    HeldOverview held(
            @PathVariable String petition,
            @RequestParam(required = false) @Nullable String rule,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "100") String limit) {
        FieldErrors errors = new FieldErrors();
        Integer most = errors.parse("limit", () -> limit(limit));
        errors.throwIfAny();
        return held.of(petition, window(rule, from, to), most);
    }

    private static Integer limit(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LISTED) {
            throw new IllegalArgumentException("must be a whole number from 1 to " + MAX_LISTED);
        }
        return Integer.valueOf(text);
    }

    private static HeldWindow window(@Nullable String rule, @Nullable String from, @Nullable String to) {
        FieldErrors errors = new FieldErrors();
        Optional<Instant> begin = Optional.ofNullable(from).map(text -> errors.parse("from", () -> time(text)));
        Optional<Instant> end = Optional.ofNullable(to).map(text -> errors.parse("to", () -> time(text)));
        errors.throwIfAny();
        return new HeldWindow(Optional.ofNullable(rule).filter(text -> !text.isBlank()), begin, end);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a time such as 2030-01-31T12:00:00Z", e);
        }
    }

    @PostMapping(path = "/release", consumes = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Long> release(@PathVariable String petition, @RequestBody ChosenCalls chosen) {
        Optional<List<UUID>> ids = chosen.valid();
        return Map.of(
                "released",
                ids.isPresent() ? held.release(petition, ids.get()) : held.release(petition, chosen.window()));
    }

    @PostMapping(path = "/dismiss", consumes = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Long> dismiss(@PathVariable String petition, @RequestBody ChosenCalls chosen) {
        Optional<List<UUID>> ids = chosen.valid();
        return Map.of(
                "dismissed",
                ids.isPresent() ? held.dismiss(petition, ids.get()) : held.dismiss(petition, chosen.window()));
    }
}
