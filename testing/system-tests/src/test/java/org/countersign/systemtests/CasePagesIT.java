package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An organiser removes signatures in a browser, and a reader sees it. */
class CasePagesIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
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

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void accessible(Page page) {
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " "
                        + rule.getNodes().stream().map(node -> node.getHtml()).toList())
                .isEmpty();
    }

    private static void reloadUntilVisible(Page page, String text) {
        Awaitility.await().atMost(TIMEOUT).until(() -> {
            page.reload();
            return page.getByText(text).count() > 0;
        });
    }

    @Test
    void a_case_is_previewed_started_seen_by_readers_and_undone() {
        String petition = stack.publish(Map.of("slug", "a-case-in-a-browser"));
        for (String address : new String[] {"one@botnet.example", "two@x.botnet.example", "person@people.example"}) {
            stack.sign(petition, address, Map.of());
            stack.confirm(stack.mails().await(address, 1).token("confirm"));
        }
        Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
        page.navigate(stack.page("/organise/petitions/" + petition));
        page.getByText("Remove signatures").click();
        button(page, "Preview").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("at least one of domains");
        page.locator("#domains").fill("*");
        button(page, "Preview").click();
        assertThat(page.locator("#domains-error")).containsText("must be a domain such as");
        accessible(page);
        Browser.picture(page, "organise-case-mistakes");

        page.locator("#domains").fill("botnet.example\n*.botnet.example");
        page.locator("#reason").fill("one catch-all domain");
        page.locator("#publicReason").fill("A program made these signatures.");
        button(page, "Preview").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("The case takes 2 signatures.");
        assertThat(page.locator("tbody")).containsText("t…@x.botnet.example");
        accessible(page);
        Browser.picture(page, "organise-case-preview");
        button(page, "Remove these signatures").click();
        reloadUntilVisible(page, "2 of 2 signatures processed, 2 removed from the count");
        accessible(page);
        Browser.picture(page, "organise-cases");

        Page reader = browser.window();
        reader.navigate(stack.page("/petitions/" + petition));
        reloadUntilVisible(reader, "A program made these signatures.");
        assertThat(reader.locator("section.removed")).containsText(": 2.");
        accessible(reader);
        Browser.picture(reader, "petition-with-case");

        button(page, "Undo").click();
        reloadUntilVisible(page, "2 counted again");
        reloadUntilVisible(reader, "and counted again since");
        Awaitility.await().atMost(TIMEOUT).until(() -> stack.verified(petition) == 3);
    }
}
