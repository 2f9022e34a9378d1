package org.countersign.signature.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.countersign.signature.api.problem.RejectionStatus;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.web.audit.AuditPages;
import org.countersign.signature.web.feed.FeedPages;
import org.countersign.signature.web.links.LinkPages;
import org.countersign.signature.web.links.NeverWritePages;
import org.countersign.signature.web.organiser.CasePages;
import org.countersign.signature.web.organiser.HeldPages;
import org.countersign.signature.web.organiser.OrganiserPages;
import org.countersign.signature.web.organiser.SignerPages;
import org.countersign.signature.web.people.PeoplePage;
import org.countersign.signature.web.petition.FrontPage;
import org.countersign.signature.web.petition.MapPage;
import org.countersign.signature.web.petition.PetitionPages;
import org.countersign.signature.web.petition.PicturePage;
import org.countersign.signature.web.widget.WidgetPages;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Maps the exceptions of page controllers to an error page. {@code ApiExceptionHandler} does the same for the API. */
@ControllerAdvice(
        assignableTypes = {
            FrontPage.class,
            PetitionPages.class,
            LinkPages.class,
            NeverWritePages.class,
            AuditPages.class,
            WidgetPages.class,
            PicturePage.class,
            FeedPages.class,
            MapPage.class,
            OrganiserPages.class,
            SignerPages.class,
            HeldPages.class,
            CasePages.class,
            PeoplePage.class
        })
class PageExceptionHandler {

    private final MessageSource texts;

    PageExceptionHandler(MessageSource texts) {
        this.texts = texts;
    }

    @ExceptionHandler
    String rejected(Rejection e, Model model, HttpServletResponse response, Locale locale) {
        String heading = switch (RejectionStatus.of(e)) {
            case NOT_FOUND -> "not-found";
            case GONE -> "gone";
            default -> "conflict";
        };
        return page(
                RejectionStatus.of(e),
                "problem." + heading,
                texts.getMessage("rejection." + e.reason().text(), null, e.getMessage(), locale),
                model,
                response);
    }

    @ExceptionHandler(InvalidFieldsException.class)
    String invalid(Model model, HttpServletResponse response, Locale locale) {
        return page(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "problem.incomplete",
                texts.getMessage("problem.incomplete.text", null, locale),
                model,
                response);
    }

    @ExceptionHandler(AggregateNotFoundException.class)
    String unknown(Model model, HttpServletResponse response, Locale locale) {
        return rejected(new Rejection(Rejection.Reason.NO_SIGNATURE), model, response, locale);
    }

    @ExceptionHandler({LogUnavailableException.class, DataAccessException.class})
    String unavailable(
            Exception e, HttpServletRequest request, Model model, HttpServletResponse response, Locale locale) {
        boolean nothingRecorded = e instanceof LogUnavailableException log
                ? log.isNothingRecorded()
                : request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        response.setHeader("Retry-After", "5");
        return page(
                HttpStatus.SERVICE_UNAVAILABLE,
                "problem.unavailable",
                texts.getMessage(nothingRecorded ? "problem.unavailable.text" : "problem.unknown.text", null, locale),
                model,
                response);
    }

    private static String page(
            HttpStatus status, String heading, @Nullable String text, Model model, HttpServletResponse response) {
        response.setStatus(status.value());
        model.addAttribute("heading", heading);
        model.addAttribute("text", text);
        return "message";
    }
}
