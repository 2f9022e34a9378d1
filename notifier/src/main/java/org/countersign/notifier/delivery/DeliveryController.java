package org.countersign.notifier.delivery;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.notifier.access.InvalidFieldException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Lists deliveries and retries them, for organisers. */
@RestController
@RequestMapping("/api/deliveries")
class DeliveryController {

    private static final int MAX_RESULTS = 1000;
    private static final Set<String> STATES = Set.of("planned", "sent", "parked", "dropped", "suppressed");

    private final Deliveries deliveries;

    DeliveryController(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /** Lists the newest 1,000 deliveries, newest first. */
    @GetMapping
    List<Deliveries.DeliveryView> list(@RequestParam Optional<String> petition, @RequestParam Optional<String> state) {
        if (!state.map(STATES::contains).orElse(true)) {
            throw new InvalidFieldException("state", "must be planned, sent, parked, dropped or suppressed");
        }
        return deliveries.list(petition, state, MAX_RESULTS);
    }

    @PostMapping("/{id}/retry")
    Deliveries.DeliveryView retry(@PathVariable UUID id) {
        return deliveries
                .retry(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such delivery."));
    }
}
