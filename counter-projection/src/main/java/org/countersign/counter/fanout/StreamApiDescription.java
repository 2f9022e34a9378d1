package org.countersign.counter.fanout;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the one call that the web server does not know into the service's description of itself. */
@Configuration(proxyBeanMethods = false)
class StreamApiDescription {

    @Bean
    OpenApiCustomizer describedStream() {
        ApiResponses responses = new ApiResponses()
                .addApiResponse(
                        "200",
                        new ApiResponse()
                                .description("Server-sent events named counts: at once, then on every change")
                                .content(new Content()
                                        .addMediaType("text/event-stream", new MediaType().schema(new StringSchema()))))
                .addApiResponse("404", new ApiResponse().description("There is no such petition"))
                .addApiResponse("503", new ApiResponse().description("Too many look: ask for the counts now and then"));
        Operation stream = new Operation()
                .operationId("stream")
                .responses(responses)
                .addParametersItem(
                        new PathParameter().name("petition").required(true).schema(new StringSchema()));
        return api -> api.path("/api/petitions/{petition}/counts/stream", new PathItem().get(stream));
    }
}
