package org.countersign.support.migration;

import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Migrates a database forward only. In a rolling upgrade, an instance of the version before may start on the database
 * of the new version. Its repeatable migrations would bring back old functions, and revoke the rights on new tables.
 */
@AutoConfiguration
@ConditionalOnClass(FlywayMigrationStrategy.class)
class MigrationAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationAutoConfiguration.class);

    @Bean
    FlywayMigrationStrategy forwardOnly() {
        return flyway -> {
            if (isNewer(flyway)) {
                LOG.warn("The database has migrations of a newer version. This version migrates nothing.");
            } else {
                flyway.migrate();
            }
        };
    }

    private static boolean isNewer(Flyway flyway) {
        return Arrays.stream(flyway.info().applied())
                .anyMatch(migration ->
                        migration.getVersion() != null && migration.getState() == MigrationState.FUTURE_SUCCESS);
    }
}
