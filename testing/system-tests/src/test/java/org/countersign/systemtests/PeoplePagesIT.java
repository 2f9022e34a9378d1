package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The first operator comes with a link, invites somebody by mail, and both have an account. */
class PeoplePagesIT {

    private static final String PASSWORD = "twelve plain words";
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

    @Test
    void the_first_operator_invites_an_editor_who_signs_in_on_a_phone() {
        RunningStack.Ended command =
                stack.run("operator-link", "--data", stack.data().toString());
        assertThat(command.status()).as(command.output()).isEqualTo(0);
        String link = command.output()
                .lines()
                .filter(line -> line.startsWith("http"))
                .findFirst()
                .orElseThrow();
        Page page = browser.window();
        page.navigate(link);
        check(page, "first operator");
        page.locator("main button").click();
        assertThat(page.locator("[aria-invalid=true]")).hasCount(4);
        check(page, "first operator with mistakes");
        setUp(page, "Olga Operator", "olga.operator@example.org");
        check(page, "recovery codes");
        page.locator("main a").click();
        check(page, "account");
        page.getByText("Main organisation").click();
        page.locator("#name").fill("Ani Editor");
        page.locator("#email").fill("ani.editor@example.org");
        page.locator("form[action$=invite] input[value=editor]").check();
        page.getByText("Send the invitation").click();
        assertThat(page.locator("#invited + ul li")).hasCount(1);
        page.locator("summary").first().click();
        check(page, "people");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        check(page, "people by night");

        MailboxReader.Mail mail = stack.mails().await("ani.editor@example.org", 1);
        assertThat(mail.subject()).isEqualTo("Main organisation invites you to work on its petitions");
        Page phone = browser.phone();
        phone.navigate(mail.link("invitation"));
        check(phone, "invitation on a phone");
        setUp(phone, null, null);
        phone.locator("main a").click();
        check(phone, "account on a phone");
        phone.locator("form[action$=sign-out] button").click();
        phone.locator("#email").fill("ani.editor@example.org");
        phone.locator("#password").fill("not the password");
        phone.keyboard().press("Enter");
        check(phone, "wrong password on a phone");
        phone.locator("#password").fill(PASSWORD);
        phone.keyboard().press("Enter");
        assertThat(phone.locator("#code")).isFocused();
        check(phone, "code on a phone");
        for (String path : List.of("/sign-in?lang=ar", "/account")) {
            phone.navigate(stack.page(path));
            assertThat(phone.locator("html")).hasAttribute("dir", "rtl");
            check(phone, "right to left " + path);
        }
        Page stranger = browser.window();
        stranger.navigate(mail.link("invitation"));
        check(stranger, "invitation that was used");
    }

    private static void setUp(Page page, String name, String email) {
        if (name != null) {
            page.locator("#name").fill(name);
            page.locator("#email").fill(email);
        }
        page.locator("#password").fill(PASSWORD);
        page.locator("#code").fill(code(page.locator("code.secret").textContent()));
        page.locator("main button").click();
        assertThat(page.locator("ul.secret li")).hasCount(10);
    }

    /** The code that an app shows for a key (RFC 6238). */
    private static String code(String key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(bytes(key.replace(" ", "")), "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(8)
                    .putLong(System.currentTimeMillis() / 30_000)
                    .array());
            int number = ByteBuffer.wrap(hash, hash[19] & 0xf, 4).getInt() & Integer.MAX_VALUE;
            return "%06d".formatted(number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String base32) {
        java.math.BigInteger number = java.math.BigInteger.ZERO;
        for (char one : base32.toCharArray()) {
            number = number.shiftLeft(5)
                    .or(java.math.BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one)));
        }
        byte[] bytes = new byte[20];
        byte[] all = number.toByteArray();
        int length = Math.min(20, all.length);
        System.arraycopy(all, all.length - length, bytes, 20 - length, length);
        return bytes;
    }

    private static void check(Page page, String what) {
        Browser.picture(page, "people-" + what.replaceAll("[^a-z]+", "-"));
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing runs out of the page: " + what)
                .isEqualTo(true);
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .as(what)
                .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " "
                        + rule.getNodes().stream().map(node -> node.getHtml()).toList())
                .isEmpty();
    }
}
