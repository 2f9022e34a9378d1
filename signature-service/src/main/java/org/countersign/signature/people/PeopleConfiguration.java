package org.countersign.signature.people;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkTokens;
import org.countersign.support.access.AccessLog;
import org.countersign.support.keys.KeyPins;
import org.countersign.support.keys.KeyRing;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class PeopleConfiguration {

    @Bean
    SealedColumn sealedColumn(Vault vault) {
        return new SealedColumn(vault);
    }

    @Bean
    PersonPassword personPassword() {
        return new PersonPassword();
    }

    /** Hashes of recovery codes and cookies use the keys of links, all of which stay in use. */
    private static KeyRing linkKeys(KeyPins pins, String keys) {
        return pins.rotating("COUNTERSIGN_KEYS_TOKEN", "token", keys, number -> true);
    }

    @Bean
    PersonCredentials personCredentials(
            JdbcClient database,
            SealedColumn sealing,
            PersonPassword passwords,
            KeyPins pins,
            @Value("${countersign.keys.token:}") String keys,
            Clock clock) {
        return new PersonCredentials(database, sealing, passwords, linkKeys(pins, keys), clock);
    }

    @Bean
    PersonSessions personSessions(
            JdbcTemplate database,
            TransactionTemplate transaction,
            PersonDirectory people,
            KeyPins pins,
            @Value("${countersign.keys.token:}") String keys,
            Clock clock) {
        return new PersonSessions(database, transaction, people, linkKeys(pins, keys), clock);
    }

    @Bean
    PersonSignIn personSignIn(
            PersonDirectory people,
            PersonCredentials credentials,
            PersonPassword passwords,
            LinkTokens tokens,
            AccessLog log,
            Clock clock,
            MeterRegistry meters) {
        return new PersonSignIn(people, credentials, passwords, tokens, log, clock, meters);
    }

    @Bean
    Enrolment enrolment(SealedColumn sealing, PersonDirectory people, PersonCredentials credentials, Clock clock) {
        return new Enrolment(sealing, people, credentials, clock);
    }

    @Bean
    OperatorLinks operatorLinks(
            JdbcClient database,
            PersonDirectory people,
            PersonMemberships memberships,
            Enrolment enrolment,
            LinkTokens tokens,
            AccessLog log,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${countersign.public-url}") String publicUrl) {
        return new OperatorLinks(database, people, memberships, enrolment, tokens, log, transaction, clock, publicUrl);
    }

    @Bean
    PersonInvitations personInvitations(
            JdbcClient database,
            SealedColumn sealing,
            PersonDirectory people,
            PersonMemberships memberships,
            Enrolment enrolment,
            LinkTokens tokens,
            AccessLog log,
            TransactionTemplate transaction,
            Clock clock) {
        return new PersonInvitations(
                database, sealing, people, memberships, enrolment, tokens, log, transaction, clock);
    }
}
