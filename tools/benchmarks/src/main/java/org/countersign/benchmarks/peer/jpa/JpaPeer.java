package org.countersign.benchmarks.peer.jpa;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.Vault;
import org.countersign.support.keys.KeyRing;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A simple design with Spring Data JPA. Petition and address form a unique key, and the transaction of every signature
 * increments a count column. It validates, hashes and encrypts as the product does, but publishes nothing.
 */
@SpringBootApplication
public class JpaPeer {

    public static void main(String[] args) {
        new SpringApplicationBuilder(JpaPeer.class)
                .properties("spring.config.name=peer")
                .run(args);
    }

    /** Handles the sign request. */
    @RestController
    static class JpaSignController {

        private final JpaSignatureRepository signatures;
        private final JpaSignatureKeyRepository keys;
        private final JpaPetitionRepository petitions;
        private final TransactionTemplate transaction;
        private final PseudonymousIds ids;
        private final Vault vault;

        JpaSignController(
                JpaSignatureRepository signatures,
                JpaSignatureKeyRepository keys,
                JpaPetitionRepository petitions,
                PlatformTransactionManager transactions,
                @Value("${peer.key}") String key) {
            this.signatures = signatures;
            this.keys = keys;
            this.petitions = petitions;
            this.transaction = new TransactionTemplate(transactions);
            this.ids = new PseudonymousIds(KeyRing.parse("peer.key", key));
            this.vault = new Vault(KeyRing.parse("peer.key", key));
        }

        @PostMapping("/api/petitions/{petition}/signatures")
        @ResponseStatus(HttpStatus.ACCEPTED)
        Map<String, String> sign(@PathVariable String petition, @RequestBody SignatureForm form) {
            SignatureForm.ValidSignature valid = form.validate();
            UUID address = ids.of(new PetitionSlug(petition), valid.address()).value();
            Vault.SealedWithSecret sealed = vault.seal(address, valid.person());
            try {
                transaction.executeWithoutResult(status -> {
                    JpaSignature signature = signatures.save(new JpaSignature(
                            petition,
                            address,
                            Instant.now(),
                            valid.country().value(),
                            valid.publicly(),
                            valid.updates(),
                            sealed.sealed().bytes()));
                    keys.save(new JpaSignatureKey(signature.id(), sealed.secret()));
                    petitions.incrementCount(petition);
                });
            } catch (DataIntegrityViolationException signedBefore) {
                // A repeated request gets the same response.
            }
            return Map.of("status", "pending");
        }
    }
}
