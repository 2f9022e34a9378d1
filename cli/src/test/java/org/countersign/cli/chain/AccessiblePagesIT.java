package org.countersign.cli.chain;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.cli.Api;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages for everybody, however they see, point and type. */
class AccessiblePagesIT {

    private static final int MOST_TABS = 20;

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

    /** Pages in all their states, by what they are. */
    private Map<String, String> pages() {
        String petition = stack.publish(Map.of("slug", "for-everybody", "statement", "We ask for a **ramp**.\n\n## Why\n\n1. Stairs.\n2. [More](https://example.org)"));
        String closed = stack.publish(Map.of("slug", "for-everybody-once"));
        Api.require(200, new Api().post(stack.ports().signatureService(), "/api/petitions/" + closed + "/close", Map.of(), RunningStack.organiser()));
        stack.sign(petition, "everybody@example.org", Map.of("updates", true));
        Mails.Mail mail = stack.mails().await("everybody@example.org", 1);
        stack.confirm(mail.token("confirm"));
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("all petitions", "/");
        pages.put("a petition", "/petitions/" + petition);
        pages.put("a closed petition", "/petitions/" + closed);
        pages.put("after signing", "/petitions/" + petition + "/signed");
        pages.put("to be confirmed", "/confirm?token=" + mail.token("confirm"));
        pages.put("after confirming", "/petitions/" + petition + "/confirmed");
        pages.put("to be unsubscribed", "/unsubscribe?token=" + mail.token("withdraw"));
        pages.put("what is stored", "/my-data?token=" + mail.token("my-data"));
        pages.put("checking a receipt", "/verify");
        pages.put("no such petition", "/petitions/no-such");
        pages.put("no such page", "/no/such/page");
        pages.put("a widget", "/embed/" + petition);
        pages.put("an auditor's overview", "/audit");
        pages.put("a timeline", "/audit/petitions/" + petition);
        pages.put("a life", "/audit/signatures/" + signature(petition));
        return pages;
    }

    private String signature(String petition) {
        List<String> found = new ArrayList<>();
        new Api().lines(stack.ports().signatureService(), "GET", "/api/petitions/" + petition + "/history", RunningStack.auditor(),
                event -> found.add(event.path("signature").asString("")));
        return found.get(found.size() - 1);
    }

    @Test
    void nothing_is_found_wrong_on_any_page_by_day_and_by_night() {
        Page page = browser.windowOf(RunningStack.auditor().orElseThrow());
        Map<String, String> pages = pages();
        pages.forEach((what, path) -> {
            page.navigate(stack.page(path));
            check(page, what);
        });
        withMistakes(page);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        // By night other colours are used, and nothing else is different: these pages have all of them.
        for (String what : List.of("a closed petition", "to be confirmed", "what is stored", "a widget", "a timeline")) {
            page.navigate(stack.page(pages.get(what)));
            check(page, what + ", by night");
        }
        withMistakes(page);
    }

    private void withMistakes(Page page) {
        page.navigate(stack.page("/petitions/for-everybody"));
        page.locator("form button").click();
        assertThat(page.locator("[aria-invalid=true]")).hasCount(3);
        check(page, "a form with mistakes");
    }

    private static void check(Page page, String what) {
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations()).as(what)
                .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes().stream().map(node -> node.getHtml()).toList()).isEmpty();
    }

    @Test
    void somebody_signs_and_confirms_with_the_keyboard_alone() {
        String petition = stack.publish(Map.of("slug", "by-keyboard"));
        Page page = browser.window();
        page.navigate(stack.page("/petitions/" + petition));
        tabTo(page, "name");
        page.keyboard().type("Kay Keyboard");
        tabTo(page, "email");
        page.keyboard().type("kay@keyboard.example");
        tabTo(page, "country");
        page.keyboard().type("Armenia");
        tabTo(page, "");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("One more step: please look at your mail");
        page.navigate(stack.mails().await("kay@keyboard.example", 1).link("confirm"));
        tabTo(page, "");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("Thank you. Your signature counts!");
    }

    /** Goes on to the field with the id, or to the next button if it is empty. */
    private static void tabTo(Page page, String id) {
        for (int tabs = 0; tabs < MOST_TABS; tabs++) {
            page.keyboard().press("Tab");
            String at = (String) page.evaluate("document.activeElement.tagName === 'BUTTON' ? '' : (document.activeElement.id || 'none')");
            if (at.equals(id)) {
                return;
            }
        }
        throw new AssertionError("the keyboard does not come to " + Optional.of(id).filter(name -> !name.isEmpty()).orElse("a button"));
    }
}
