package org.countersign.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogProofTest {

    private final LogKey key = LogKey.signing("log.example/log", new byte[32]);
    private final byte[] entry = "{\"index\":1}".getBytes(StandardCharsets.UTF_8);
    private final byte[] sibling = Merkle.leafHash(new byte[] {7});

    private LogProof proof() {
        byte[] root = Merkle.nodeHash(Merkle.leafHash(entry), sibling);
        Checkpoint head = new Checkpoint(key.name(), 2, root);
        return new LogProof(entry, 0, List.of(sibling), SignedNote.sign(head.text(), key));
    }

    @Test
    void a_proof_is_written_as_c2sp_has_it() {
        assertThat(proof().toString().lines().limit(6))
                .containsExactly(
                        "c2sp.org/tlog-proof@v1",
                        "extra " + Base64.getEncoder().encodeToString(entry),
                        "index 0",
                        Base64.getEncoder().encodeToString(sibling),
                        "",
                        "log.example/log");
        assertThat(proof().toString()).endsWith(proof().checkpoint().toString());
    }

    @Test
    void a_proof_verifies_with_the_key_of_the_log_alone() {
        LogProof read = LogProof.parse(proof().toString());
        assertThat(read.entry()).isEqualTo(entry);
        assertThat(read.isValid(LogKey.parse(key.toString()))).isTrue();
        assertThat(read.isValid(LogKey.signing("another.example", new byte[32])))
                .isFalse();
        assertThat(new LogProof(new byte[] {1}, 0, read.hashes(), read.checkpoint()).isValid(key))
                .isFalse();
        assertThat(new LogProof(entry, 1, read.hashes(), read.checkpoint()).isValid(key))
                .isFalse();
        assertThat(new LogProof(entry, 2, read.hashes(), read.checkpoint()).isValid(key))
                .isFalse();
        assertThat(new LogProof(entry, 0, List.of(), read.checkpoint()).isValid(key))
                .isFalse();
    }

    @Test
    void what_is_no_proof_is_refused() {
        String proof = proof().toString();
        for (String none : List.of(
                "",
                "\n\n",
                proof.replace("@v1", "@v2"),
                proof.replace("index 0", "index 00"),
                proof.replace("index 0", "index -1"),
                proof.replace("extra ", "more "),
                proof.replace("\n\n", "\n"),
                proof.replaceFirst("(index 0\n)[^\n]*", "$1AAAA"))) {
            assertThatThrownBy(() -> LogProof.parse(none)).as(none).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
