package org.countersign.support.management;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves {@link InternalCalls}, and {@code openapi.yaml} as JSON, on the management port beside Spring's own endpoints.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementCallsConfiguration {

    @Bean
    RouterFunction<ServerResponse> managementCalls(ObjectProvider<InternalCalls> calls) {
        // Few clients ask for it: the conversion waits for the first.
        Supplier<byte[]> document = SingletonSupplier.of(ManagementCallsConfiguration::openApiDocument);
        RouterFunctions.Builder routes = RouterFunctions.route()
                .route(
                        RequestPredicates.path(ManagementPaths.API_DOCS)
                                .and(RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)),
                        request -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(document.get()));
        calls.orderedStream().forEach(internal -> routes.add(internal.routes()));
        return routes.build();
    }

    private static byte[] openApiDocument() {
        try (InputStream yaml = new ClassPathResource("openapi.yaml").getInputStream()) {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return JsonMapper.builder().build().writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
