package org.countersign.localstack.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection of an {@link SmtpServer} (RFC 5321). Commands may be pipelined (RFC 2920). */
final class SmtpSession {

    /** RFC 5321, section 4.5.3.2.7. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

    private static final int MAX_RECIPIENTS = 100;
    private static final Pattern PATH = Pattern.compile("(?:FROM|TO):\\s*<([^<>]*)>.*", Pattern.CASE_INSENSITIVE);
    private static final String OK = "250 OK";

    private final SmtpInput in;
    private final OutputStream out;
    private final int maxMailBytes;
    private final BiConsumer<String, byte[]> mails;
    private final List<String> recipients = new ArrayList<>();
    private boolean hasSender;

    SmtpSession(Socket connection, int maxMailBytes, BiConsumer<String, byte[]> mails) throws IOException {
        connection.setSoTimeout((int) IDLE_TIMEOUT.toMillis());
        connection.setTcpNoDelay(true);
        this.in = new SmtpInput(connection.getInputStream());
        this.out = connection.getOutputStream();
        this.maxMailBytes = maxMailBytes;
        this.mails = mails;
    }

    /** Serves the connection until the client quits. */
    void run() throws IOException {
        answer("220 localhost ESMTP");
        boolean open = true;
        while (open) {
            Optional<String> line = in.readLine();
            if (line.isEmpty()) {
                answer("500 The line is too long.");
            } else {
                open = execute(line.get());
            }
        }
    }

    /** Executes a command. Returns false at the end of the session. */
    private boolean execute(String line) throws IOException {
        String[] words = line.split(" ", 2);
        String arguments = words.length > 1 ? words[1].trim() : "";
        switch (words[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> {
                reset();
                answer("250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE " + maxMailBytes);
            }
            case "HELO" -> {
                reset();
                answer("250 localhost");
            }
            case "MAIL" -> mail(arguments);
            case "RCPT" -> recipient(arguments);
            case "DATA" -> data();
            case "RSET" -> {
                reset();
                answer(OK);
            }
            case "NOOP" -> answer(OK);
            case "VRFY" -> answer("252 Every address is accepted.");
            case "QUIT" -> {
                answer("221 Bye");
                return false;
            }
            default -> answer("500 The command is unknown.");
        }
        return true;
    }

    private void reset() {
        hasSender = false;
        recipients.clear();
    }

    private void mail(String arguments) throws IOException {
        if (hasSender) {
            answer("503 The sender is known already. Send RSET first.");
        } else if (path(arguments, "FROM").isEmpty()) {
            answer("501 The syntax is MAIL FROM:<address>.");
        } else {
            hasSender = true;
            answer(OK);
        }
    }

    private void recipient(String arguments) throws IOException {
        Optional<String> address = path(arguments, "TO").filter(text -> text.contains("@"));
        if (!hasSender) {
            answer("503 Send MAIL first.");
        } else if (address.isEmpty()) {
            answer("501 The syntax is RCPT TO:<address>.");
        } else if (recipients.size() == MAX_RECIPIENTS) {
            answer("452 There are too many recipients.");
        } else {
            recipients.add(address.get());
            answer(OK);
        }
    }

    private static Optional<String> path(String arguments, String keyword) {
        Matcher matcher = PATH.matcher(arguments);
        return arguments.regionMatches(true, 0, keyword, 0, keyword.length()) && matcher.matches()
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    private void data() throws IOException {
        if (recipients.isEmpty()) {
            answer("503 Send RCPT first.");
            return;
        }
        answer("354 End the mail with a line of one dot.");
        Optional<byte[]> mail = in.readMail(maxMailBytes);
        answer(mail.isEmpty() ? "552 The mail is larger than " + maxMailBytes + " bytes." : store(mail.get()));
        reset();
    }

    private String store(byte[] mail) {
        try {
            recipients.forEach(recipient -> mails.accept(recipient, mail));
            return OK;
        } catch (UncheckedIOException e) {
            return "451 The mail cannot be stored. Try again later.";
        }
    }

    private void answer(String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
