package org.countersign.signature.pages;

import jakarta.servlet.http.HttpServletResponse;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.countersign.signature.log.LogUnavailableException;
import org.countersign.signature.problem.InvalidFieldsException;
import org.countersign.signature.problem.Refusal;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Tells people what the API tells programs, in a page. */
@ControllerAdvice(assignableTypes = {PetitionPages.class, LinkPages.class, AuditPages.class, WidgetPages.class})
class PageProblems {

    @ExceptionHandler
    String refused(Refusal e, Model model, HttpServletResponse response) {
        return page(e.status(), e.title(), e.getMessage(), model, response);
    }

    @ExceptionHandler(InvalidFieldsException.class)
    String invalid(Model model, HttpServletResponse response) {
        return page(HttpStatus.UNPROCESSABLE_CONTENT, "This link is not complete",
                "Please open the link in the mail again, whole, or copy all of it.", model, response);
    }

    @ExceptionHandler(AggregateNotFoundException.class)
    String unknown(Model model, HttpServletResponse response) {
        return page(HttpStatus.NOT_FOUND, "Not found", "There is no such signature.", model, response);
    }

    @ExceptionHandler({LogUnavailableException.class, DataAccessException.class})
    String unavailable(Model model, HttpServletResponse response) {
        response.setHeader("Retry-After", "5");
        return page(HttpStatus.SERVICE_UNAVAILABLE, "One moment, please",
                "This could not be recorded just now. Please try again in a few seconds.", model, response);
    }

    private static String page(HttpStatus status, String heading, String text, Model model, HttpServletResponse response) {
        response.setStatus(status.value());
        model.addAttribute("heading", heading);
        model.addAttribute("text", text);
        return "message";
    }
}
