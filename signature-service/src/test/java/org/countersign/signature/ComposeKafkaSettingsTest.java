package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.yaml.snakeyaml.Yaml;

/** How Spring Boot reads the Kafka settings of docker-compose.yml. All services use the same class for it. */
class ComposeKafkaSettingsTest {

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static KafkaProperties kafka(String service) throws IOException {
        Map<String, Object> compose = map(new Yaml()
                .load(Files.readString(Path.of(System.getProperty("basedir", "."), "../docker-compose.yml"))));
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        map(map(map(compose.get("services")).get(service)).get("environment")).entrySet().stream()
                                .filter(variable -> variable.getKey().startsWith("SPRING_KAFKA_"))
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey,
                                        variable -> variable.getValue()
                                                .toString()
                                                .replaceAll("\\$\\{[^}]*}", "a secret")))));
        return Binder.get(environment)
                .bind("spring.kafka", KafkaProperties.class)
                .get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void every_kafka_client_of_a_service_names_its_user_and_password(String service) throws IOException {
        KafkaProperties kafka = kafka(service);
        assertThat(List.of(
                        kafka.buildAdminProperties(), kafka.buildConsumerProperties(), kafka.buildProducerProperties()))
                .allSatisfy(settings -> assertThat(settings)
                        .containsEntry("security.protocol", "SASL_PLAINTEXT")
                        .containsEntry("sasl.mechanism", "PLAIN")
                        .hasEntrySatisfying(
                                "sasl.jaas.config",
                                login -> assertThat(login.toString())
                                        .contains("username=\"" + service + "\"", "password=\"a secret\"")
                                        .endsWith(";")));
    }
}
