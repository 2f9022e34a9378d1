package org.countersign.cli.mail;

import java.io.PrintWriter;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks the DNS records by which mail providers judge the mails of a sender. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Check the records of the sender's domain in DNS: SPF, DKIM and DMARC, and that they align.",
            "Says what to mend. Exit status 1 if mail providers may refuse mails."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class MailCheckCommand implements Callable<Integer> {

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            required = true,
            description = "The sender's address of mails, as in COUNTERSIGN_MAIL_FROM.")
    private String from;

    @Option(
            names = "--selector",
            paramLabel = "NAME",
            description = {
                "Selector of a DKIM key, as in COUNTERSIGN_MAIL_DKIM_KEYS or as the mail server signs. May be repeated."
            })
    private List<String> selectors = new ArrayList<>();

    @Option(
            names = "--dns",
            paramLabel = "HOST[:PORT]",
            defaultValue = "",
            description = "DNS server to ask. Default: that of this machine.")
    private String dns;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (DnsTexts texts = DnsTexts.of(dns)) {
            List<MailFinding> findings = new MailCheck(texts).check(domain(from), selectors);
            PrintWriter out = spec.commandLine().getOut();
            findings.forEach(finding -> out.println(finding.line()));
            boolean good = findings.stream().noneMatch(finding -> finding.urgency() == MailFinding.Urgency.MEND);
            out.println(good ? "Mail providers can trust these mails." : "Mend the lines that begin with MEND.");
            out.flush();
            return good ? 0 : 1;
        }
    }

    private static String domain(String address) {
        String domain = address.substring(address.lastIndexOf('@') + 1).strip();
        try {
            String ascii = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            if (address.indexOf('@') > 0 && ascii.contains(".")) {
                return ascii;
            }
        } catch (IllegalArgumentException e) {
            // The message below says what is needed.
        }
        throw new UserException("--from must be an address such as petitions@example.org.");
    }
}
