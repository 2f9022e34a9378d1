package org.countersign.signature.web.organiser;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.accounts.Organisations;
import org.countersign.signature.api.problem.RejectionStatus;
import org.countersign.signature.api.security.RequestCaller;
import org.countersign.signature.application.Alerts;
import org.countersign.signature.application.Attacks;
import org.countersign.signature.application.OrganisationNotice;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.Publishing;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.petition.PetitionTopic;
import org.countersign.signature.rendering.StatementRenderer;
import org.countersign.signature.web.counts.CounterClient;
import org.countersign.signature.web.counts.CurrentCounts;
import org.countersign.signature.web.counts.GrowthClient;
import org.countersign.signature.web.counts.LiveCounter;
import org.countersign.signature.web.petition.PetitionPages;
import org.countersign.support.access.Role;
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

/** The pages for organisers: petitions and their progress, alerts, webhooks and deliveries. */
@Controller
@RequestMapping("/organise")
public class OrganiserPages {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_DELIVERIES = 50;

    private final Petitions petitions;
    private final Publishing publishing;
    private final StatementRenderer statement;
    private final LiveCounter live;
    private final CurrentCounts counts;
    private final GrowthClient growth;
    private final CounterClient counter;
    private final NotifierClient notifier;
    private final Alerts alerts;
    private final Attacks attacks;
    private final OrganisationNotice organisation;
    private final Organisations organisations;

    OrganiserPages(
            Petitions petitions,
            Publishing publishing,
            StatementRenderer statement,
            LiveCounter live,
            CurrentCounts counts,
            GrowthClient growth,
            CounterClient counter,
            NotifierClient notifier,
            Alerts alerts,
            Attacks attacks,
            OrganisationNotice organisation,
            Organisations organisations) {
        this.organisations = organisations;
        this.petitions = petitions;
        this.publishing = publishing;
        this.statement = statement;
        this.live = live;
        this.counts = counts;
        this.growth = growth;
        this.counter = counter;
        this.notifier = notifier;
        this.alerts = alerts;
        this.attacks = attacks;
        this.organisation = organisation;
    }

    @GetMapping
    String overview(Model model) {
        model.addAttribute(
                "petitions",
                petitions.all().stream()
                        .filter(RequestCaller.petitionsWith(Role.EDITOR, Role.PUBLISHER, Role.MODERATOR, Role.EXPORTER))
                        .map(petition -> new PetitionPages.PetitionListItem(
                                petition, petitions.isOpen(petition), counts.of(petition.slug())))
                        .toList());
        return "organise";
    }

    @GetMapping("/new")
    String create(Model model) {
        return form(PetitionForm.EMPTY, Map.of(), model);
    }

    /** @param step the button: preview, publish, or edit to return from the preview */
    @PostMapping("/new")
    String create(
            PetitionForm form,
            @RequestParam(defaultValue = "preview") String step,
            Model model,
            HttpServletResponse response) {
        try {
            if (step.equals("publish")) {
                return redirect(publishing
                        .publish(form.request(), organisationOf(form))
                        .slug()
                        .value());
            }
            if (step.equals("preview")) {
                Petition petition = publishing.preview(form.request(), organisationOf(form));
                model.addAttribute("preview", petition);
                model.addAttribute("statement", statement.html(petition.statement()));
            }
            return form(form, Map.of(), model);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(form, errorsByField(e), model);
        } catch (Rejection e) {
            response.setStatus(RejectionStatus.of(e).value());
            return form(form, Map.of("slug", e.getMessage()), model);
        }
    }

    private UUID organisationOf(PetitionForm form) {
        return organisations.ofNewPetition(
                RequestCaller.grants(), form.request().organisation());
    }

    /** Returns the first error of each field. */
    private static Map<String, String> errorsByField(InvalidFieldsException e) {
        Map<String, String> wrong = new HashMap<>();
        e.errors().forEach(error -> wrong.putIfAbsent(error.field().replaceAll("\\[.*", ""), error.message()));
        return wrong;
    }

    private String form(PetitionForm form, Map<String, String> wrong, Model model) {
        model.addAttribute("organisation", organisation.notice().orElse(null));
        model.addAttribute(
                "noticeOpen",
                organisation.notice().isEmpty()
                        || form.request().notice() != null
                        || wrong.keySet().stream().anyMatch(field -> field.startsWith("notice.")));
        model.addAttribute("form", form);
        model.addAttribute("wrong", wrong);
        model.addAttribute("languages", SupportedLanguage.nativeNames());
        model.addAttribute("topics", PetitionTopic.keys());
        model.addAttribute("organisations", organisations.forNewPetitions(RequestCaller.grants()));
        return "organise-new";
    }

    private static String redirect(String slug) {
        return "redirect:/organise/petitions/" + slug;
    }

    @GetMapping("/petitions/{slug}")
    String petition(
            @PathVariable String slug,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization,
            Model model) {
        Petition petition = petitions.get(slug);
        live.show(petition, model);
        model.addAttribute("open", petitions.isOpen(petition));
        model.addAttribute("attack", attacks.of(slug));
        model.addAttribute("attacks", attacks.all(slug));
        model.addAttribute("growth", growth.of(petition).orElse(null));
        model.addAttribute("utc", ZoneOffset.UTC);
        Optional<PetitionFunnel> funnel =
                fromCounter(petition, "/funnel", authorization).map(PetitionFunnel::of);
        model.addAttribute("funnel", funnel.orElse(null));
        model.addAttribute(
                "milestones",
                fromCounter(petition, "/milestones", authorization).orElse(MissingNode.getInstance()));
        model.addAttribute("alerts", alerts.of(slug));
        model.addAttribute("languages", SupportedLanguage.nativeNames());
        if (!model.containsAttribute("alert")) {
            model.addAttribute("alert", AlertFields.EMPTY);
            model.addAttribute("wrong", Map.of());
        }
        showNotifications(petition, authorization, model);
        return "organise-petition";
    }

    /** The notifier knows the built-in users only. */
    private void showNotifications(Petition petition, String authorization, Model model) {
        boolean account = RequestCaller.isAccount();
        model.addAttribute("account", account);
        if (account) {
            for (String list : List.of("webhooks", "mailings", "failed", "deliveries")) {
                model.addAttribute(list, List.of());
            }
            return;
        }
        NotifierClient.NotifierResponse webhooks = notifier.call("GET", "/api/webhooks", authorization);
        model.addAttribute("notifierIsAway", !webhooks.isSuccess());
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
                        .limit(MAX_DELIVERIES)
                        .toList());
        model.addAttribute(
                "deliveries", deliveries.stream().limit(MAX_DELIVERIES).toList());
    }

    private Optional<JsonNode> fromCounter(Petition petition, String what, String authorization) {
        return counter.get("/api/petitions/" + petition.slug() + what, TIMEOUT, authorization)
                .thenApply(Optional::of)
                .exceptionally(failure -> Optional.empty())
                .join();
    }

    private List<JsonNode> fromNotifier(String path, String authorization) {
        NotifierClient.NotifierResponse answer = notifier.call("GET", path, authorization);
        return answer.isSuccess() ? answer.body().valueStream().toList() : List.of();
    }

    @PostMapping("/petitions/{slug}/close")
    String close(@PathVariable String slug) {
        return redirect(publishing.close(slug).slug().value());
    }

    @PostMapping("/petitions/{slug}/reopen")
    String reopen(@PathVariable String slug) {
        return redirect(publishing.reopen(slug).slug().value());
    }

    @PostMapping("/petitions/{slug}/alerts")
    String addAlert(
            @PathVariable String slug,
            AlertFields alert,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization,
            Model model,
            HttpServletResponse response) {
        try {
            alerts.request(slug, alert.form());
            return redirect(petitions.get(slug).slug().value()) + "#alerts";
        } catch (InvalidFieldsException e) {
            return addAlert(
                    slug, alert, errorsByField(e), HttpStatus.UNPROCESSABLE_CONTENT, authorization, model, response);
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
        return redirect(petitions.get(slug).slug().value()) + "#alerts";
    }

    /** Adds a webhook. The response is the page, not a redirect, because the page shows the secret only this once. */
    @PostMapping("/petitions/{slug}/webhooks")
    String addWebhook(
            @PathVariable String slug,
            @RequestParam(defaultValue = "") String url,
            @RequestParam(defaultValue = "standard") String format,
            @RequestParam(defaultValue = "") List<String> events,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization,
            Model model,
            HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        NotifierClient.NotifierResponse answer = notifier.call(
                "POST",
                "/api/webhooks",
                Map.of("petition", petition.slug().value(), "url", url, "format", format, "events", events),
                authorization);
        if (answer.isSuccess()) {
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
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization,
            Model model,
            HttpServletResponse response) {
        return redirectOrShowProblem(
                slug,
                notifier.call("POST", "/api/webhooks/" + id + "/test", authorization),
                "#deliveries",
                authorization,
                model,
                response);
    }

    @PostMapping("/petitions/{slug}/webhooks/{id}/remove")
    String removeWebhook(
            @PathVariable String slug,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization,
            Model model,
            HttpServletResponse response) {
        return redirectOrShowProblem(
                slug,
                notifier.call("DELETE", "/api/webhooks/" + id, authorization),
                "#webhooks",
                authorization,
                model,
                response);
    }

    @PostMapping("/petitions/{slug}/deliveries/{id}/retry")
    String retry(
            @PathVariable String slug,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization,
            Model model,
            HttpServletResponse response) {
        return redirectOrShowProblem(
                slug,
                notifier.call("POST", "/api/deliveries/" + id + "/retry", authorization),
                "#deliveries",
                authorization,
                model,
                response);
    }

    private String redirectOrShowProblem(
            String slug,
            NotifierClient.NotifierResponse answer,
            String part,
            String authorization,
            Model model,
            HttpServletResponse response) {
        if (answer.isSuccess()) {
            return redirect(petitions.get(slug).slug().value()) + part;
        }
        response.setStatus(answer.status() == 0 ? HttpStatus.SERVICE_UNAVAILABLE.value() : answer.status());
        model.addAttribute("problem", answer.problem());
        return petition(slug, authorization, model);
    }
}
