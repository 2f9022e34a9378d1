package org.countersign.support.migration;

import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Runs the program of a service with the argument {@code migrate}: it migrates the database and ends. The running
 * service then needs no password of the database's owner.
 *
 * <p>It reads the settings of the data source and of Flyway, and no others. It opens no port, and connects only as the
 * owner.
 */
public final class MigrationMode {

    private static final String ARGUMENT = "migrate";
    /** The environment of the service may switch Flyway off, but this program does nothing else. */
    private static final String ENABLED = "--spring.flyway.enabled=true";

    private MigrationMode() {}

    /**
     * Migrates the database, if the first argument asks for it.
     *
     * @param args the arguments of the program; those after the first one are settings such as {@code --name=value}
     * @return whether the program has done its work and must end
     * @throws RuntimeException if the database cannot be migrated
     */
    public static boolean handles(String... args) {
        if (args.length == 0 || !args[0].equals(ARGUMENT)) {
            return false;
        }
        String[] settings =
                Stream.concat(Stream.of(args).skip(1), Stream.of(ENABLED)).toArray(String[]::new);
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(OnlyMigrations.class)
                .web(WebApplicationType.NONE)
                .run(settings)) {
            // Without it nothing was migrated, and the caller must not believe otherwise.
            context.getBean(Flyway.class);
        }
        return true;
    }

    /** The data source is needed for its address. Its pool opens no connection. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        FlywayAutoConfiguration.class,
        MigrationAutoConfiguration.class
    })
    static class OnlyMigrations {}
}
