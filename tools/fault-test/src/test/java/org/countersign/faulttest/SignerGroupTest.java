package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.countersign.faulttest.SignerGroup.CallFate;
import org.countersign.faulttest.SignerGroup.GroupMember;
import org.countersign.localstack.net.Endpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The signatures and mails of signers whose calls were signed or held. */
class SignerGroupTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ReferenceModel model = new ReferenceModel();
    private long index;

    @BeforeEach
    void a_petition_is_open() {
        model.expect("a-petition", List.of());
    }

    private static SignerGroup group(CallFate fate) {
        return new SignerGroup("a-petition", "group.example", "IS", fate);
    }

    private static GroupMember answered(SignerGroup group) {
        GroupMember member = group.add();
        member.countRequest();
        member.setAnswered();
        return member;
    }

    private void sign(String signature) {
        index++;
        model.add("a-petition", JSON.readTree("""
                {"index":%d,"id":"%d","type":"PetitionSigned","time":"2030-05-01T12:00:00Z","petition":"a-petition",
                "signature":"%s",\
                "data":{"country":"IS","was":"none","becomes":"pending"}}""".formatted(index, index, signature)));
    }

    private static void mail(SignerGroup group, GroupMember member, String id) {
        assertThat(group.addMail(member.address(), JSON.readTree("""
                        {"text":"https://sign.example/confirm?token=a-token",\
                        "headers":{"Message-ID":"%s"}}""".formatted(id))))
                .isTrue();
    }

    private List<String> violations(SignerGroup group) {
        Collection<ReferenceModel.ExpectedSignature> inLog =
                model.signaturesOf("a-petition").values();
        return group.violations(inLog);
    }

    @Test
    void each_signed_call_has_one_signature_and_one_mail() {
        SignerGroup group = group(CallFate.SIGNED);
        GroupMember member = answered(group);
        assertThat(violations(group))
                .contains("signatures of the signers at group.example from IS: expected 1, found 0");
        sign("one");
        assertThat(violations(group)).contains("mails of the signers at group.example from IS: expected 1, found 0");
        mail(group, member, "<first>");
        mail(group, member, "<first>");
        assertThat(violations(group)).isEmpty();
        assertThat(group.mailsWithDuplicates()).isEqualTo(2);
        assertThat(member.confirmToken()).contains("a-token");
    }

    @Test
    void a_second_mail_with_another_id_is_a_violation() {
        SignerGroup group = group(CallFate.SIGNED);
        GroupMember member = answered(group);
        sign("one");
        mail(group, member, "<first>");
        mail(group, member, "<second>");
        assertThat(violations(group))
                .containsExactly(
                        "mails of the signers at group.example from IS: expected 1, found 2",
                        member.address() + " has 2 mails");
    }

    @Test
    void a_held_call_has_neither_signature_nor_mail() {
        SignerGroup group = group(CallFate.HELD);
        GroupMember member = answered(group);
        assertThat(violations(group)).isEmpty();
        sign("one");
        mail(group, member, "<first>");
        assertThat(violations(group))
                .containsExactly("signatures of the signers at group.example from IS: expected 0, found 1");
    }

    @Test
    void each_call_during_a_change_of_rules_is_either_signed_or_held() {
        SignerGroup during = group(CallFate.EITHER);
        SignerGroup after = group(CallFate.HELD);
        GroupMember before = answered(during);
        long changed = System.nanoTime();
        answered(during);
        answered(after);
        OrganiserCalls unused = new OrganiserCalls(Endpoint.loopback(1), Optional.empty());
        HeldInvariant invariant = new HeldInvariant(during, after, changed, unused);
        assertThat(invariant.violations(2, 1))
                .containsExactly(before.address() + " signed before the change and got no mail");
        mail(during, before, "<first>");
        assertThat(invariant.violations(1, 1)).isEmpty();
        assertThat(invariant.violations(0, 0))
                .containsExactly(
                        "held calls during the change: expected 1, found 0",
                        "held calls after the change: expected 1, found 0");
        assertThat(invariant.violations(2, 1)).containsExactly("held calls during the change: expected 1, found 2");
    }
}
