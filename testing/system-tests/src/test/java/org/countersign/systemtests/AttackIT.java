package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code countersign attack}, small, with the default rules. */
class AttackIT {

    private static RunningStack stack;

    @BeforeAll
    static void start() {
        stack = RunningStack.with(Map.of(), "--limits");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static RunningStack.Ended attack(String... options) {
        String[] all = new String[options.length + 7];
        System.arraycopy(
                new String[] {"attack", "--attackers", "600", "--honest", "600", "--minutes", "0.3"}, 0, all, 0, 7);
        System.arraycopy(options, 0, all, 7, options.length);
        return stack.run(all);
    }

    @Test
    void one_mail_domain_stays_out_of_the_count_and_honest_signers_get_their_mails() {
        RunningStack.Ended attack =
                attack("--style", "many-networks", "--crowd", "news-spike,university,mobile-carriers");
        // The exit status depends on the time of the alert, too, which a busy machine cannot promise.
        assertThat(figure(attack, "attackers caught")).as(attack.output()).isGreaterThanOrEqualTo(95);
        assertThat(figure(attack, "honest signers not mailed"))
                .as(attack.output())
                .isLessThanOrEqualTo(0.5);
        assertThat(attack.output())
                .contains("after one case")
                .doesNotContain("the count is wrong")
                .doesNotContainPattern("alert +none");
    }

    private static double figure(RunningStack.Ended attack, String name) {
        Matcher figure = Pattern.compile(name + " +([0-9.]+) %").matcher(attack.output());
        assertThat(figure.find()).as(attack.output()).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    @Test
    void a_mistake_is_told_by_its_option() {
        assertThat(stack.run("attack", "--style", "polite").output()).contains("There is no style 'polite'");
        assertThat(stack.run("attack", "--style", "many-networks", "--minutes", "0")
                        .output())
                .contains("--minutes must be more than 0");
    }
}
