package org.countersign.signature.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.InvalidFieldsException.FieldError;
import org.countersign.signature.domain.LogBehindException;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.signature.domain.Rejection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Maps every exception of the API to its problem details (RFC 9457). Filters that answer without the dispatcher call
 * {@link #response} themselves.
 */
@RestControllerAdvice(annotations = RestController.class)
public class ApiExceptionHandler extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiExceptionHandler.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    private final JsonMapper mapper;

    ApiExceptionHandler(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Builds the response to a request that failed.
     *
     * @param e why the request failed
     * @param request its path becomes the problem's {@code instance}
     * @return status, headers and problem details as JSON in UTF-8
     */
    public ResponseEntity<byte[]> response(Exception e, HttpServletRequest request) {
        ProblemDetail problem = problem(e, request.getMethod());
        problem.setInstance(URI.create(request.getRequestURI()));
        byte[] body = mapper.writeValueAsBytes(problem);
        ResponseEntity.BodyBuilder response = ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .contentLength(body.length);
        if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return response.body(body);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> handle(RuntimeException e, HttpServletRequest request) {
        return response(e, request);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ResponseEntity<byte[]> response = response(e, ((ServletWebRequest) request).getRequest());
        return new ResponseEntity<>(response.getBody(), response.getHeaders(), response.getStatusCode());
    }

    private static ProblemDetail problem(Exception e, String method) {
        if (e instanceof InvalidFieldsException invalid) {
            return invalidFields(invalid.errors());
        }
        if (e instanceof Rejection rejection) {
            HttpStatus status = RejectionStatus.of(rejection);
            return problem(status, RejectionStatus.title(status), rejection.getMessage());
        }
        if (e instanceof AggregateNotFoundException) {
            return problem(HttpStatus.NOT_FOUND, "Not found", "There is no such signature or petition.");
        }
        if (e instanceof LogBehindException) {
            return problem(HttpStatus.SERVICE_UNAVAILABLE, "Not available now", e.getMessage());
        }
        if (isUnavailable(e)) {
            LOG.debug("Answered 503", e);
            return problem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Not available now",
                    isNothingRecorded(e, method)
                            ? "Nothing was recorded. Please try again in a few seconds."
                            : "It is unknown whether this was recorded. Please send the same request again in a few"
                                    + " seconds. Nothing is recorded twice.");
        }
        if (e instanceof HttpMessageNotReadableException || e instanceof JacksonException || e instanceof IOException) {
            return unreadable(e);
        }
        LOG.error("A request failed", e);
        return problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Failed",
                "The request failed. Ask the operator to look for the Trace-Id of this response in the service's log.");
    }

    /** A database that fails after a commit answers neither yes nor no. */
    private static boolean isNothingRecorded(Exception e, String method) {
        return method.equals("GET")
                || method.equals("HEAD")
                || e instanceof ConcurrencyException
                || e instanceof CannotCreateTransactionException
                || e instanceof LogUnavailableException log && log.isNothingRecorded();
    }

    private static boolean isUnavailable(Exception e) {
        return e instanceof LogUnavailableException
                || e instanceof DataAccessException
                || e instanceof CannotCreateTransactionException
                || e instanceof ConcurrencyException;
    }

    /** Reports a value of the wrong type as an invalid field, and a body that is not JSON as malformed. */
    private static ProblemDetail unreadable(Exception e) {
        String field = "";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            field = field.isEmpty() && cause instanceof DatabindException binding ? path(binding) : field;
        }
        return field.isEmpty()
                ? problem(HttpStatus.BAD_REQUEST, "Malformed JSON", "The body must be a JSON object in UTF-8.")
                : invalidFields(List.of(new FieldError(field, "has a value of the wrong type")));
    }

    private static String path(DatabindException e) {
        StringBuilder path = new StringBuilder();
        e.getPath()
                .forEach(step -> path.append(path.isEmpty() || step.getPropertyName() == null ? "" : ".")
                        .append(step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName()));
        return path.toString();
    }

    private static ProblemDetail invalidFields(List<FieldError> errors) {
        ProblemDetail problem = problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "Invalid fields",
                "Some fields are invalid. Correct the fields listed in errors and send the request again.");
        problem.setProperty("errors", errors);
        return problem;
    }

    private static ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(title);
        return problem;
    }
}
