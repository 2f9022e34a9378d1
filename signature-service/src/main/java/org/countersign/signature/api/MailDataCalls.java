package org.countersign.signature.api;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import org.countersign.maildata.InvitationMails;
import org.countersign.maildata.MailDataRequest;
import org.countersign.signature.api.problem.ApiExceptionHandler;
import org.countersign.signature.application.MailDataReader;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.people.PersonInvitations;
import org.countersign.support.management.InternalCalls;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Tells the notifier, and nobody else, to whom it sends a mail. */
@Component
class MailDataCalls implements InternalCalls {

    private final MailDataReader reader;
    private final PersonInvitations invitations;
    private final ApiExceptionHandler problems;
    private final JsonMapper mapper;
    private final ObjectReader requests;

    MailDataCalls(
            MailDataReader reader, PersonInvitations invitations, ApiExceptionHandler problems, JsonMapper mapper) {
        this.invitations = invitations;
        this.reader = reader;
        this.problems = problems;
        this.mapper = mapper;
        this.requests = mapper.readerForListOf(MailDataRequest.class);
    }

    @Override
    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(InvitationMails.PATH, this::invitations)
                .POST(MailDataRequest.PATH, RequestPredicates.contentType(MediaType.APPLICATION_JSON), this::mailData)
                .build();
    }

    private ServerResponse invitations(ServerRequest request) throws IOException {
        InvitationMails mails = mapper.readValue(request.servletRequest().getInputStream(), InvitationMails.class);
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(mapper.writeValueAsBytes(invitations.toPlan(mails.planned(), InvitationMails.MAX_BATCH_SIZE)));
    }

    private ServerResponse mailData(ServerRequest request) throws ServletException, IOException {
        try {
            List<MailDataRequest> wanted =
                    requests.readValue(request.servletRequest().getInputStream());
            if (wanted.size() > MailDataRequest.MAX_BATCH_SIZE) {
                throw new InvalidFieldsException(
                        "[" + MailDataRequest.MAX_BATCH_SIZE + "]",
                        "is one too many: ask for at most " + MailDataRequest.MAX_BATCH_SIZE + " at a time");
            }
            return ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(mapper.writeValueAsBytes(reader.read(wanted)));
        } catch (IOException | RuntimeException e) {
            ResponseEntity<byte[]> problem = problems.response(e, request.servletRequest());
            ServerResponse.BodyBuilder response = ServerResponse.status(problem.getStatusCode());
            return response.headers(headers -> headers.putAll(problem.getHeaders()))
                    .body(java.util.Objects.requireNonNull(problem.getBody()));
        }
    }
}
