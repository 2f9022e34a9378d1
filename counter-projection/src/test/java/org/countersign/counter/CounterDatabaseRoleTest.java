package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

class CounterDatabaseRoleTest extends RunningCounter {

    /** The database with the rights of the service. */
    @Autowired
    private JdbcTemplate service;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "truncate petition_count",
                "delete from position",
                "delete from unreadable_record",
                "update key_pin set fingerprint = ''",
                "drop table rebuild.milestone",
                "drop schema rebuild cascade",
                "create schema mine",
                "create table mine (id integer)",
                "alter table milestone add column mine integer",
                "select * from flyway_schema_history",
                "set role postgres"
            })
    void the_role_of_the_service_may_do_only_what_it_needs(String forbidden) {
        assertThatThrownBy(() -> service.execute(forbidden))
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .message()
                .containsAnyOf("permission denied", "must be owner");
    }
}
