package org.countersign.signature.api;

import java.util.Map;
import org.countersign.signature.people.OperatorLinks;
import org.countersign.support.management.InternalCalls;
import org.countersign.support.problem.ProblemJson;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Makes the one-time link of the first operator, for {@code ./countersign operator-link}. */
@Component
class OperatorLinkCalls implements InternalCalls {

    private final OperatorLinks links;
    private final JsonMapper mapper;

    OperatorLinkCalls(OperatorLinks links, JsonMapper mapper) {
        this.links = links;
        this.mapper = mapper;
    }

    @Override
    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(PREFIX + "operator-link", request -> link())
                .build();
    }

    private ServerResponse link() {
        return links.make()
                .map(link -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(mapper.writeValueAsBytes(Map.of("link", link))))
                .orElseGet(() -> ServerResponse.status(HttpStatus.CONFLICT)
                        .contentType(MediaType.parseMediaType(ProblemJson.CONTENT_TYPE))
                        .body(ProblemJson.of(
                                HttpStatus.CONFLICT,
                                "Somebody operates this installation already. Ask them for an invitation.")));
    }
}
