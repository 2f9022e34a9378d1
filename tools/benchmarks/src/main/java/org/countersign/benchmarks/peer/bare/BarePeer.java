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

/** JSON in, JSON out, nothing done in between: what the server stack alone can do. */
@SpringBootApplication
@RestController
public class BarePeer {

    /** Libraries it has no use for. */
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

    /** Takes a signature and forgets it. */
    @PostMapping("/api/petitions/{petition}/signatures")
    @ResponseStatus(HttpStatus.ACCEPTED)
    public Map<String, String> sign(@PathVariable String petition, @RequestBody SignatureForm form) {
        return Map.of("status", "pending");
    }
}
