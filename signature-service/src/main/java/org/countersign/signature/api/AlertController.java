package org.countersign.signature.api;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.countersign.signature.application.AlertForm;
import org.countersign.signature.application.AlertView;
import org.countersign.signature.application.Alerts;
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

/** The alerts of a petition: recipients whom the notifier mails when a milestone is reached. */
@RestController
@RequestMapping("/api/petitions/{petition}/alerts")
class AlertController {

    private final Alerts alerts;

    AlertController(Alerts alerts) {
        this.alerts = alerts;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AlertView> request(@PathVariable String petition, @RequestBody AlertForm form) {
        AlertView alert = alerts.request(petition, form);
        return ResponseEntity.created(URI.create("/api/petitions/" + petition + "/alerts/" + alert.id()))
                .body(alert);
    }

    @GetMapping
    List<AlertView> all(@PathVariable String petition) {
        return alerts.of(petition);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void stop(@PathVariable String petition, @PathVariable UUID id) {
        alerts.stop(petition, id);
    }
}
