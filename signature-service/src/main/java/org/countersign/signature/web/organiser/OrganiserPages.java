package org.countersign.signature.web.organiser;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.signature.api.problem.RejectionStatus;
import org.countersign.signature.application.Alerts;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.Publishing;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.rendering.StatementRenderer;
import org.countersign.signature.web.counts.CounterClient;
import org.countersign.signature.web.counts.CurrentCounts;
import org.countersign.signature.web.counts.GrowthClient;
import org.countersign.signature.web.counts.LiveCounter;
import org.countersign.signature.web.petition.PetitionPages;
import org.countersign.support.language.SupportedLanguage;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** An organiser's pages: their petitions, what becomes of them, and who is told of it. */
@Controller
@RequestMapping("/organise")
public class OrganiserPages {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int DELIVERIES = 50;

    private final Petitions petitions;
    private final Publishing publishing;
    private final StatementRenderer statement;
    private final LiveCounter live;
    private final CurrentCounts counts;
    private final GrowthClient growth;
    private final CounterClient counter;
    private final NotifierClient notifier;
    private final Alerts alerts;

    OrganiserPages(
            Petitions petitions,
            Publishing publishing,
            StatementRenderer statement,
            LiveCounter live,
            CurrentCounts counts,
            GrowthClient growth,
            CounterClient counter,
            NotifierClient notifier,
            Alerts alerts) {
        this.petitions = petitions;
        this.publishing = publishing;
        this.statement = statement;
        this.live = live;
        this.counts = counts;
        this.growth = growth;
        this.counter = counter;
        this.notifier = notifier;
        this.alerts = alerts;
    }

    @GetMapping
    String overview(Model model) {
        model.addAttribute(
                "petitions",
                petitions.all().stream()
                        .map(petition -> new PetitionPages.Listed(
                                petition, petitions.isOpen(petition), counts.of(petition.slug())))
                        .toList());
        return "organise";
    }

    @GetMapping("/new")
    String create(Model model) {
        return form(PetitionForm.EMPTY, Map.of(), model);
    }

    /** @param step what the button says: preview, publish, or edit to go back from the preview */
    @PostMapping("/new")
    String create(
            PetitionForm form,
            @RequestParam(defaultValue = "preview") String step,
            Model model,
            HttpServletResponse response) {
        try {
            if (step.equals("publish")) {
                return page(publishing.publish(form.request()).slug().value());
            }
            if (step.equals("preview")) {
                Petition petition = publishing.preview(form.request());
                model.addAttribute("preview", petition);
                model.addAttribute("statement", statement.html(petition.statement()));
            }
            return form(form, Map.of(), model);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(form, wrong(e), model);
        } catch (Rejection e) {
            response.setStatus(RejectionStatus.of(e).value());
            return form(form, Map.of("slug", e.getMessage()), model);
        }
    }

    /** What is wrong, by the field. */
    private static Map<String, String> wrong(InvalidFieldsException e) {
        Map<String, String> wrong = new HashMap<>();
        e.errors().forEach(error -> wrong.putIfAbsent(error.field().replaceAll("\\[.*", ""), error.message()));
        return wrong;
    }

    private static String form(PetitionForm form, Map<String, String> wrong, Model model) {
        model.addAttribute("form", form);
        model.addAttribute("wrong", wrong);
        model.addAttribute("languages", SupportedLanguage.nativeNames());
        return "organise-new";
    }

    private static String page(String slug) {
        return "redirect:/organise/petitions/" + slug;
    }

    @GetMapping("/petitions/{slug}")
    String petition(
            @PathVariable String slug, @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization, Model model) {
        Petition petition = petitions.get(slug);
        live.show(petition, model);
        model.addAttribute("open", petitions.isOpen(petition));
        model.addAttribute("growth", growth.of(petition).orElse(null));
        model.addAttribute("utc", ZoneOffset.UTC);
        model.addAttribute("counts", fromCounter(petition, "/counts"));
        model.addAttribute("milestones", fromCounter(petition, "/milestones"));
        model.addAttribute("alerts", alerts.of(slug));
        model.addAttribute("languages", SupportedLanguage.nativeNames());
        if (!model.containsAttribute("alert")) {
            model.addAttribute("alert", AlertFields.EMPTY);
            model.addAttribute("wrong", Map.of());
        }
        NotifierClient.Answer webhooks = notifier.call("GET", "/api/webhooks", null, authorization);
        model.addAttribute("notifierIsAway", !webhooks.isGood());
        model.addAttribute(
                "webhooks",
                webhooks.body()
                        .valueStream()
                        .filter(one -> one.path("petition").isNull()
                                || one.path("petition")
                                        .asString()
                                        .equals(petition.slug().value()))
                        .toList());
        model.addAttribute("mailings", fromNotifier("/api/mailings?petition=" + petition.slug(), authorization));
        List<JsonNode> deliveries = fromNotifier("/api/deliveries?petition=" + petition.slug(), authorization);
        model.addAttribute(
                "failed",
                deliveries.stream()
                        .filter(one -> one.path("state").asString().equals("parked")
                                || !one.path("error").isNull())
                        .limit(DELIVERIES)
                        .toList());
        model.addAttribute("deliveries", deliveries.stream().limit(DELIVERIES).toList());
        return "organise-petition";
    }

    private JsonNode fromCounter(Petition petition, String what) {
        return counter.get("/api/petitions/" + petition.slug() + what, PATIENCE)
                .exceptionally(away -> MissingNode.getInstance())
                .join();
    }

    private List<JsonNode> fromNotifier(String path, String authorization) {
        NotifierClient.Answer answer = notifier.call("GET", path, null, authorization);
        return answer.isGood() ? answer.body().valueStream().toList() : List.of();
    }

    @PostMapping("/petitions/{slug}/close")
    String close(@PathVariable String slug) {
        return page(publishing.close(slug).slug().value());
    }

    @PostMapping("/petitions/{slug}/reopen")
    String reopen(@PathVariable String slug) {
        return page(publishing.reopen(slug).slug().value());
    }

    @PostMapping("/petitions/{slug}/alerts")
    String addAlert(
            @PathVariable String slug,
            AlertFields alert,
            @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
            Model model,
            HttpServletResponse response) {
        try {
            alerts.request(slug, alert.form());
            return page(petitions.get(slug).slug().value()) + "#alerts";
        } catch (InvalidFieldsException e) {
            return addAlert(slug, alert, wrong(e), HttpStatus.UNPROCESSABLE_CONTENT, authorization, model, response);
        } catch (Rejection e) {
            return addAlert(
                    slug,
                    alert,
                    Map.of("email", e.getMessage()),
                    RejectionStatus.of(e),
                    authorization,
                    model,
                    response);
        }
    }

    private String addAlert(
            String slug,
            AlertFields alert,
            Map<String, String> wrong,
            HttpStatus status,
            String authorization,
            Model model,
            HttpServletResponse response) {
        response.setStatus(status.value());
        model.addAttribute("alert", alert);
        model.addAttribute("wrong", wrong);
        return petition(slug, authorization, model);
    }

    @PostMapping("/petitions/{slug}/alerts/{id}/stop")
    String stopAlert(@PathVariable String slug, @PathVariable UUID id) {
        alerts.stop(slug, id);
        return page(petitions.get(slug).slug().value()) + "#alerts";
    }

    /** Answers the page with the new webhook's secret on it, which is shown this once; so no redirect. */
    @PostMapping("/petitions/{slug}/webhooks")
    String addWebhook(
            @PathVariable String slug,
            @RequestParam(defaultValue = "") String url,
            @RequestParam(defaultValue = "standard") String format,
            @RequestParam(defaultValue = "") List<String> events,
            @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
            Model model,
            HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        NotifierClient.Answer answer = notifier.call(
                "POST",
                "/api/webhooks",
                Map.of("petition", petition.slug().value(), "url", url, "format", format, "events", events),
                authorization);
        if (answer.isGood()) {
            model.addAttribute("secret", answer.body().path("secret").asString());
        } else {
            response.setStatus(answer.status() == 0 ? HttpStatus.SERVICE_UNAVAILABLE.value() : answer.status());
            model.addAttribute("problem", answer.problem());
            model.addAttribute("url", url);
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        return petition(slug, authorization, model);
    }

    @PostMapping("/petitions/{slug}/webhooks/{id}/test")
    String testWebhook(
            @PathVariable String slug,
            @PathVariable UUID id,
            @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
            Model model,
            HttpServletResponse response) {
        return done(
                slug,
                notifier.call("POST", "/api/webhooks/" + id + "/test", null, authorization),
                "#deliveries",
                authorization,
                model,
                response);
    }

    @PostMapping("/petitions/{slug}/webhooks/{id}/remove")
    String removeWebhook(
            @PathVariable String slug,
            @PathVariable UUID id,
            @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
            Model model,
            HttpServletResponse response) {
        return done(
                slug,
                notifier.call("DELETE", "/api/webhooks/" + id, null, authorization),
                "#webhooks",
                authorization,
                model,
                response);
    }

    @PostMapping("/petitions/{slug}/deliveries/{id}/retry")
    String retry(
            @PathVariable String slug,
            @PathVariable UUID id,
            @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
            Model model,
            HttpServletResponse response) {
        return done(
                slug,
                notifier.call("POST", "/api/deliveries/" + id + "/retry", null, authorization),
                "#deliveries",
                authorization,
                model,
                response);
    }

    private String done(
            String slug,
            NotifierClient.Answer answer,
            String part,
            String authorization,
            Model model,
            HttpServletResponse response) {
        if (answer.isGood()) {
            return page(petitions.get(slug).slug().value()) + part;
        }
        response.setStatus(answer.status() == 0 ? HttpStatus.SERVICE_UNAVAILABLE.value() : answer.status());
        model.addAttribute("problem", answer.problem());
        return petition(slug, authorization, model);
    }
}
