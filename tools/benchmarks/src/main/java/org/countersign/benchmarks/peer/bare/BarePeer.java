package org.countersign.benchmarks.peer.bare;

import java.util.List;
import java.util.Map;
import org.countersign.signature.application.SignatureForm;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Parses and renders JSON without any processing. It shows the rate of the server stack alone. */
@SpringBootApplication
@RestController
public class BarePeer {

    /** Prefixes of jars to leave out. */
    public static final List<String> WITHOUT = List.of(
            "axon-",
            "hibernate-",
            "spring-boot-data-jpa",
            "spring-data-",
            "spring-boot-jdbc",
            "spring-boot-kafka",
            "spring-kafka");

    public static void main(String[] args) {
        new SpringApplicationBuilder(BarePeer.class)
                .properties("spring.config.name=peer")
                .run(args);
    }

    /** Accepts a signature without storing it. */
    @PostMapping("/api/petitions/{petition}/signatures")
    @ResponseStatus(HttpStatus.ACCEPTED)
    public Map<String, String> sign(@PathVariable String petition, @RequestBody SignatureForm form) {
        return Map.of("status", "pending");
    }
}
