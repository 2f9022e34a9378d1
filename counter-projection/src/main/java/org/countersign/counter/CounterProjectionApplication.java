package org.countersign.counter;

import org.countersign.support.migration.MigrationMode;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the counter projection. */
@SpringBootApplication
@EnableScheduling
public class CounterProjectionApplication {

    public static void main(String[] args) {
        if (MigrationMode.handles(args)) {
            return;
        }
        SpringApplication.run(CounterProjectionApplication.class, args);
    }
}
