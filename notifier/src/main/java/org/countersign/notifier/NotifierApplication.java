package org.countersign.notifier;

import org.countersign.support.migration.MigrationMode;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the notifier. */
@SpringBootApplication
@EnableScheduling
public class NotifierApplication {

    public static void main(String[] args) {
        if (MigrationMode.handles(args)) {
            return;
        }
        SpringApplication.run(NotifierApplication.class, args);
    }
}
