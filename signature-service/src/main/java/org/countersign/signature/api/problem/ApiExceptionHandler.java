package org.countersign.signature.api.problem;

import java.io.IOException;
import java.util.List;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.signature.domain.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/** Maps every refusal and failure of the API to its problem detail. */
@RestControllerAdvice(annotations = org.springframework.web.bind.annotation.RestController.class)
public class ApiExceptionHandler extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiExceptionHandler.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    /** What is answered when a request ends with this, for those who answer without the dispatcher. */
    public ResponseEntity<ProblemDetail> answer(Exception e) {
        if (e instanceof InvalidFieldsException invalid) {
            return invalid(invalid);
        }
        if (e instanceof Rejection refusal) {
            return refused(refusal);
        }
        if (e instanceof LogUnavailableException
                || e instanceof DataAccessException
                || e instanceof ConcurrencyException) {
            return unavailable((RuntimeException) e);
        }
        if (e instanceof JacksonException || e instanceof IOException) {
            return answer(unreadable(e));
        }
        return failed((RuntimeException) e);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidFieldsException e) {
        ProblemDetail problem =
                problem(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid fields", "Some fields are not what they must be.");
        problem.setProperty("errors", e.errors());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(Rejection e) {
        HttpStatus status = RejectionStatus.of(e);
        return answer(problem(status, RejectionStatus.title(status), e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unknown(AggregateNotFoundException e) {
        return answer(problem(HttpStatus.NOT_FOUND, "Not found", "There is no such signature or petition."));
    }

    @ExceptionHandler({
        LogUnavailableException.class,
        DataAccessException.class,
        CannotCreateTransactionException.class,
        ConcurrencyException.class
    })
    ResponseEntity<ProblemDetail> unavailable(RuntimeException e) {
        LOG.debug("answered 503", e);
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .body(problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Not available now",
                        "Nothing was recorded. Please try again in a few seconds."));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(RuntimeException e) {
        LOG.error("a request failed", e);
        return answer(
                problem(HttpStatus.INTERNAL_SERVER_ERROR, "Failed", "The request failed; the service's log says why."));
    }

    /** A wrong type in a field is the field's error; what is no JSON at all is the request's. */
    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = unreadable(e);
        return ResponseEntity.status(problem.getStatus()).body(problem);
    }

    private static ProblemDetail unreadable(Exception e) {
        String field = "";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException) {
                return problem(HttpStatus.CONTENT_TOO_LARGE, "Too large", cause.getMessage());
            }
            field = field.isEmpty() && cause instanceof DatabindException binding ? path(binding) : field;
        }
        if (field.isEmpty()) {
            return problem(HttpStatus.BAD_REQUEST, "Malformed JSON", "The body must be a JSON object in UTF-8.");
        }
        ProblemDetail problem =
                problem(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid fields", "Some fields are not what they must be.");
        problem.setProperty(
                "errors", List.of(new InvalidFieldsException.FieldError(field, "has a value of the wrong kind")));
        return problem;
    }

    private static String path(DatabindException e) {
        StringBuilder path = new StringBuilder();
        e.getPath()
                .forEach(step -> path.append(path.isEmpty() || step.getPropertyName() == null ? "" : ".")
                        .append(step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName()));
        return path.toString();
    }

    private static ProblemDetail problem(HttpStatus status, String title, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(title);
        return problem;
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus()).body(problem);
    }
}
