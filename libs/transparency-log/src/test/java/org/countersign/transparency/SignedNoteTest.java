package org.countersign.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedNoteTest {

    private final LogKey key = LogKey.signing("log.example/petitions", new byte[32]);
    private final LogKey checking = LogKey.parse(key.toString());

    /** RFC 8032 section 7.1, the first test. */
    @Test
    void a_key_is_made_from_its_seed_and_signs_as_the_rfc_has_it() {
        LogKey fromRfc = LogKey.signing(
                "rfc8032", HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
        byte[] signature = fromRfc.sign(new byte[0]);
        assertThat(HexFormat.of().formatHex(signature))
                .isEqualTo("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        assertThat(LogKey.parse(fromRfc.toString()).verifies(new byte[0], signature))
                .isTrue();
    }

    /** The key and the note in the documentation of Go's package sumdb/note, from which C2SP took the format. */
    @Test
    void signs_the_test_vector_of_other_implementations() {
        String text =
                "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        String note = text
                + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        LogKey published = LogKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        assertThat(SignedNote.parse(note).isSignedBy(published)).isTrue();
        assertThat(SignedNote.parse(note.replace("think", "thank")).isSignedBy(published))
                .isFalse();
        byte[] typeAndSeed = Base64.getDecoder().decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
        LogKey signing = LogKey.signing("PeterNeumann", Arrays.copyOfRange(typeAndSeed, 1, typeAndSeed.length));
        assertThat(signing).hasToString(published.toString());
        assertThat(SignedNote.sign(text, signing)).hasToString(note);
    }

    @Test
    void a_note_verifies_unless_one_letter_was_changed() {
        String note = SignedNote.sign("log.example/petitions\n1\nAAAA\n", key).toString();
        assertThat(SignedNote.parse(note).isSignedBy(checking)).isTrue();
        assertThat(SignedNote.parse(note.replace("\n1\n", "\n2\n")).isSignedBy(checking))
                .isFalse();
        assertThat(SignedNote.parse(note)
                        .isSignedBy(LogKey.signing(
                                "log.example/petitions", HexFormat.of().parseHex("01".repeat(32)))))
                .isFalse();
        assertThat(SignedNote.parse(note).isSignedBy(LogKey.signing("another.example", new byte[32])))
                .isFalse();
    }

    @Test
    void a_note_may_have_empty_lines_and_signatures_of_others() {
        SignedNote mine = SignedNote.sign("a\n\nb\n", key);
        SignedNote read = SignedNote.parse(mine + "\u2014 witness.example AAAAAQID\n");
        assertThat(read.text()).isEqualTo("a\n\nb\n");
        assertThat(read.signatures()).hasSize(2);
        assertThat(read.isSignedBy(checking)).isTrue();
    }

    /** The examples of C2SP signed-note and tlog-checkpoint. */
    @Test
    void notes_of_others_can_be_read() {
        String note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
                + "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        SignedNote read = SignedNote.parse(note);
        assertThat(read.toString()).isEqualTo(note);
        Checkpoint checkpoint = Checkpoint.parse(read.text());
        assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
        assertThat(checkpoint.size()).isEqualTo(20_852_163);
        assertThat(checkpoint.text()).isEqualTo(read.text());
    }

    @Test
    void what_is_no_note_key_or_checkpoint_is_refused() {
        for (String none : List.of(
                "",
                "text\n",
                "text\n\n",
                "text\n\nname AAAA\n",
                "text\n\n\u2014 name\n",
                "text\n\n\u2014 name AAAA\n",
                "te\txt\n\n\u2014 name AAAAAQID\n",
                "text\n\n\u2014 name AAAAAQID")) {
            assertThatThrownBy(() -> SignedNote.parse(none)).as(none).isInstanceOf(IllegalArgumentException.class);
        }
        for (String none : List.of(
                "", "name", "name+00000000+AAAA", key.toString().replace("petitions+", "petition+"), "a b" + key)) {
            assertThatThrownBy(() -> LogKey.parse(none)).as(none).isInstanceOf(IllegalArgumentException.class);
        }
        for (String none : List.of(
                "",
                "origin\n1\n",
                "origin\n01\nAAAA\n",
                "origin\n1\nAAAA\n",
                "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")) {
            assertThatThrownBy(() -> Checkpoint.parse(none)).as(none).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
