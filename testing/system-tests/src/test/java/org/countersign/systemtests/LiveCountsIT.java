package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People who have a petition's page open while others sign. */
class LiveCountsIT {

    private static final double PATIENCE_MILLIS = 60_000;

    private static Browser browser;
    private final RunningStack stack = RunningStack.shared();

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private Page open(Page page, String petition) {
        page.navigate(stack.page("/petitions/" + petition));
        // Counts what the page says, so that saying it twice would show.
        page.evaluate("""
                window.celebrations = [];
                new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => window.celebrations.push(node.textContent))))
                  .observe(document.querySelector('[data-live=celebration]'), {childList: true})""");
        return page;
    }

    private static void shows(Page page, String part, String text) {
        assertThat(page.locator("[data-live=" + part + "]"))
                .hasText(text, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    private void confirms(String petition, String email) {
        stack.sign(petition, email, Map.of());
        stack.confirm(stack.mails().await(email, 1).token("confirm"));
    }

    @Test
    void both_of_two_pages_count_up_and_celebrate_a_milestone_once() {
        String petition = stack.publish(Map.of("slug", "watched-by-two", "goal", 10, "milestones", List.of(2, 5)));
        Page first = open(browser.window(), petition);
        Page second = browser.phone();
        second.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        open(second, petition);
        List<Page> both = List.of(first, second);
        confirms(petition, "one@watched.example");
        both.forEach(page -> shows(page, "verified", "1"));
        both.forEach(page -> shows(page, "celebration", ""));
        confirms(petition, "two@watched.example");
        both.forEach(page -> shows(page, "celebration", "2 reached. Thank you, all of you!"));
        Browser.picture(first, "celebrated");
        // Nothing flies where people asked for less motion.
        assertThat(second.locator(".counter > i")).hasCount(0);
        confirms(petition, "three@watched.example");
        both.forEach(page -> shows(page, "verified", "3"));
        both.forEach(page -> shows(page, "goal", "Let’s get to 10!"));
        both.forEach(page -> shows(page, "next", "Next milestone: 5"));
        both.forEach(page -> assertThat(page.evaluate("window.celebrations"))
                .isEqualTo(List.of("2 reached. Thank you, all of you!")));
        assertThat(first.locator(".counter > i")).hasCount(0);
    }

    @Test
    void a_page_keeps_the_last_count_while_the_counter_is_down() {
        String petition = stack.publish(Map.of("slug", "watched-in-bad-times"));
        Page page = open(browser.window(), petition);
        confirms(petition, "before@watched.example");
        shows(page, "verified", "1");
        stack.kill("counter-projection");
        shows(page, "note", "The number is catching up.");
        shows(page, "verified", "1");
        Browser.picture(page, "catching-up");
        confirms(petition, "meanwhile@watched.example");
        shows(page, "verified", "2");
        shows(page, "note", "");
        assertThat(stack.output())
                .anyMatch(line -> line.startsWith("counter-projection") && line.contains("is restarted"));
    }
}
