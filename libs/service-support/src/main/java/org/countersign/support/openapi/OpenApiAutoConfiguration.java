package org.countersign.support.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** Serves the file {@code openapi.yaml} of a service as JSON at {@code /v3/api-docs}. */
@AutoConfiguration
@ConditionalOnResource(resources = "classpath:openapi.yaml")
class OpenApiAutoConfiguration {

    @Bean
    RouterFunction<ServerResponse> openApiDocument() {
        // Few clients ask for it: the conversion waits for the first.
        Supplier<byte[]> document = SingletonSupplier.of(OpenApiAutoConfiguration::documentAsJson);
        return RouterFunctions.route()
                .GET(
                        "/v3/api-docs",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(document.get()))
                .build();
    }

    private static byte[] documentAsJson() {
        try (InputStream yaml = new ClassPathResource("openapi.yaml").getInputStream()) {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return JsonMapper.builder().build().writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
