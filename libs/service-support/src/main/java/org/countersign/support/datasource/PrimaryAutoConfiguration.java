package org.countersign.support.datasource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Makes the connection pool reconnect soon after an outage, notice the promotion of a standby, and refuse unsuitable
 * poolers.
 */
@AutoConfiguration
class PrimaryAutoConfiguration {

    private static final String SOCKET_TIMEOUT = "socketTimeout";
    /** A server that accepts a connection but does not answer must not delay the attempt at the next server. */
    private static final String OPENING_TIMEOUT_SECONDS = "5";

    @Bean
    static PromotionTracker promotionTracker(ObjectProvider<PromotionListener> listeners) {
        return new PromotionTracker(listeners::stream);
    }

    @Bean
    static BeanPostProcessor patientPool(ObjectProvider<PromotionTracker> tracker) {
        return new BeanPostProcessor() {

            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool && pool.getDataSource() == null) {
                    pool.setDataSource(connections(pool, tracker.getObject()));
                    // Flyway opens its own connections, which are not checked.
                    PoolerCheck.atStart(
                            pool.getDataSource(), Duration.ofMillis(Math.max(0, pool.getInitializationFailTimeout())));
                }
                return bean;
            }
        };
    }

    /** Opens connections for a pool. */
    static DataSource connections(HikariDataSource pool, PromotionTracker tracker) {
        Properties opening = new Properties();
        opening.putAll(pool.getDataSourceProperties());
        Object seconds = opening.put(SOCKET_TIMEOUT, OPENING_TIMEOUT_SECONDS);
        long timeout = TimeUnit.SECONDS.toMillis(seconds == null ? 0 : Long.parseLong(seconds.toString()));
        return new RetryingDataSource(new TrackedDataSource(
                new DriverDataSource(
                        pool.getJdbcUrl(), pool.getDriverClassName(), opening, pool.getUsername(), pool.getPassword()),
                tracker,
                Math.toIntExact(timeout)));
    }

    @Bean
    PromotionWatch promotionWatch(HikariDataSource pool) {
        return new PromotionWatch(pool.getDataSource());
    }
}
