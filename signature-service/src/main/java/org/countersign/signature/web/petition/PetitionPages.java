package org.countersign.signature.web.petition;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.application.MailAgain;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.application.Signing;
import org.countersign.signature.cases.PublicCases;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.InvalidFieldsException.FieldError;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.export.PublicSigners;
import org.countersign.signature.proof.ProofOfWork;
import org.countersign.signature.proof.UnprovedRelease;
import org.countersign.signature.publiclog.PetitionTexts;
import org.countersign.signature.rendering.StatementRenderer;
import org.countersign.signature.screening.AttackScreening;
import org.countersign.signature.token.FormTimes;
import org.countersign.signature.web.counts.CurrentCounts;
import org.countersign.signature.web.counts.GrowthClient;
import org.countersign.signature.web.counts.LiveCounter;
import org.countersign.signature.web.i18n.CountryNames;
import org.countersign.transparency.PetitionText;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of a petition, and its form. */
@Controller
public class PetitionPages {

    /** The attribute of a request with the signed time of its form, if the page will be cached. */
    public static final String FORM_TIME = PetitionPages.class.getName() + ".formTime";

    private final Petitions petitions;
    private final Signing signing;
    private final GrowthClient growth;
    private final PublicSigners signers;
    private final StatementRenderer statement;
    private final LiveCounter live;
    private final PublicCases cases;
    private final FormTimes formTimes;
    private final AttackScreening attacks;
    private final UnprovedRelease unproved;
    private final AddressQuestion question;
    private final MailAgain again;
    private final Clock clock;
    private final Map<PetitionSlug, String> statements = new ConcurrentHashMap<>();

    PetitionPages(
            Petitions petitions,
            Signing signing,
            GrowthClient growth,
            PublicSigners signers,
            StatementRenderer statement,
            LiveCounter live,
            PublicCases cases,
            FormTimes formTimes,
            AttackScreening attacks,
            UnprovedRelease unproved,
            AddressQuestion question,
            MailAgain again,
            Clock clock) {
        this.petitions = petitions;
        this.signing = signing;
        this.growth = growth;
        this.signers = signers;
        this.statement = statement;
        this.live = live;
        this.cases = cases;
        this.formTimes = formTimes;
        this.attacks = attacks;
        this.unproved = unproved;
        this.question = question;
        this.again = again;
        this.clock = clock;
    }

    /** A petition in a list of petitions. */
    public record PetitionListItem(Petition petition, boolean open, Optional<CurrentCounts.PageCounts> counts) {}

    /** The fingerprint of a petition's text as the page shows it. */
    public record PageFingerprint(String full, String abbreviated) {

        static PageFingerprint of(Petition petition) {
            String full = PetitionTexts.of(petition).fingerprint();
            return new PageFingerprint(full, PetitionText.abbreviate(full));
        }
    }

    /** Slow path of {@code PageCache}, which answers most requests for this page and for those after signing. */
    @GetMapping("/petitions/{slug}")
    String petition(@PathVariable String slug, Model model, HttpServletRequest request, Locale locale) {
        String formTime = (String) request.getAttribute(FORM_TIME);
        return show(
                petitions.get(slug),
                new SignatureForm(null, null, null, null, false, false, null, formTime, null, null, null, null),
                Set.of(),
                model,
                locale);
    }

    @PostMapping("/petitions/{slug}")
    String sign(
            @PathVariable String slug,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String country,
            @RequestParam(required = false) @Nullable String comment,
            @RequestParam(name = "public", defaultValue = "false") boolean publicly,
            @RequestParam(defaultValue = "false") boolean updates,
            @RequestParam(name = "form", required = false) @Nullable String formTime,
            @RequestParam(name = ProofOfWork.FIELD, required = false) @Nullable String proof,
            @RequestParam(defaultValue = "false") boolean consent,
            @RequestParam(defaultValue = "false") boolean contact,
            @RequestParam(required = false) @Nullable Integer notice,
            @RequestParam(defaultValue = "false") boolean later,
            @RequestParam(name = AddressQuestion.ASKED, required = false) @Nullable String asked,
            @RequestParam(name = AddressQuestion.ANSWER, required = false) @Nullable String answer,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        AddressQuestion.Answer address = question.answer(email, asked, answer);
        SignatureForm form = new SignatureForm(
                name,
                address.email(),
                country,
                comment,
                publicly,
                updates,
                locale.toLanguageTag(),
                formTime,
                proof,
                consent,
                contact,
                notice);
        boolean lacksProof =
                !form.hasProof() && attacks.isUnderAttack(petitions.get(slug).slug());
        try {
            if (address.suggestion().isPresent()) {
                return ask(petitions.get(slug), form, address.suggestion().get(), model, response, locale);
            }
            if (lacksProof && !later) {
                // The page was loaded before the attack. This one asks for the proof, or tells that the mail takes
                // longer.
                form.validate(petitions.get(slug).notice());
                throw new InvalidFieldsException(ProofOfWork.FIELD, "is missing");
            }
            SignatureId signature = signing.sign(slug, form, request.getRemoteAddr());
            AfterSigningPages.keepToken(again.token(petitions.get(slug).slug(), signature), slug, request, response);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(
                    petitions.get(slug),
                    form,
                    e.errors().stream().map(FieldError::field).collect(Collectors.toSet()),
                    model,
                    locale);
        } catch (LogUnavailableException e) {
            // Keep the input in the form, so that the signer can try again without typing it twice.
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            response.setHeader("Retry-After", "5");
            String message = e.isNothingRecorded() ? "unavailable" : "unknown";
            return show(petitions.get(slug), form, Set.of(message), model, locale);
        }
        return "redirect:/petitions/" + petitions.get(slug).slug() + (lacksProof ? "/later" : "/signed");
    }

    /** Shows the form again with the question whether the signer meant another address. Nothing is stored. */
    private String ask(
            Petition petition,
            SignatureForm form,
            String suggestion,
            Model model,
            HttpServletResponse response,
            Locale locale) {
        if (!petitions.isOpen(petition)) {
            throw new Rejection(Rejection.Reason.CLOSED);
        }
        form.validate(petition.notice());
        model.addAttribute("suggestion", suggestion);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return show(petition, form, Set.of(), model, locale);
    }

    private String show(Petition petition, SignatureForm form, Set<String> wrong, Model model, Locale locale) {
        model.addAttribute("open", petitions.isOpen(petition));
        model.addAttribute(
                "statement", statements.computeIfAbsent(petition.slug(), slug -> statement.html(petition.statement())));
        model.addAttribute("fingerprint", PageFingerprint.of(petition));
        model.addAttribute("form", form);
        // A form with mistakes keeps the time at which the signer first saw it.
        model.addAttribute(
                "formTime", form.form() == null ? formTimes.make(petition.slug(), clock.instant()) : form.form());
        model.addAttribute("wrong", wrong);
        model.addAttribute("underAttack", attacks.isUnderAttack(petition.slug()));
        model.addAttribute("delayMinutes", unproved.delayMinutes());
        model.addAttribute("countries", CountryNames.in(locale));
        live.show(petition, model);
        model.addAttribute("growth", growth.of(petition).orElse(null));
        model.addAttribute("signers", signers.of(petition.slug()));
        model.addAttribute("cases", cases.of(petition.slug()));
        return "petition";
    }
}
