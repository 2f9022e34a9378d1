package org.countersign.signature;

import org.countersign.testkit.TestServers;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A test of the service with the PostgreSQL and Kafka that all tests share. */
public abstract class RunningService extends ServiceUnderTest {

    protected static final TestServers.Database DATABASE = TestServers.database();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", DATABASE::url);
        properties.add("spring.datasource.username", DATABASE::user);
        properties.add("spring.datasource.password", DATABASE::password);
        properties.add("spring.flyway.user", DATABASE::owner);
        properties.add("spring.flyway.password", DATABASE::password);
        properties.add("spring.kafka.bootstrap-servers", TestServers::kafka);
    }
}
