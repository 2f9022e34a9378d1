package org.countersign.localstack.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * An SMTP server on loopback that stores every mail and forwards none. It has a page for readers and {@code GET
 * /api/messages?to=ADDRESS} for programs. {@code after=ID} returns the mails after this one, oldest first, at most
 * {@value #MAX_FOLLOWED}. A load test needs the text of each mail alone and adds {@code html=false}, which halves the
 * work.
 */
public final class Mailbox implements AutoCloseable {

    private static final int MAX_SHOWN = 100;
    private static final int MAX_FOLLOWED = 500;
    private static final int MAX_MAIL_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final MailStore store;
    private final SmtpServer smtp;
    private final HttpServer http;
    private final ExecutorService httpThreads = Executors.newFixedThreadPool(4, task -> {
        Thread thread = new Thread(task, "mailbox-http");
        thread.setDaemon(true);
        return thread;
    });

    private Mailbox(MailStore store, int smtpPort, int httpPort) throws IOException {
        this.store = store;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort), 0);
        http.setExecutor(httpThreads);
        http.createContext("/", exchange -> respond(exchange, this::page));
        http.createContext("/api/messages", exchange -> respond(exchange, this::json));
        smtp = new SmtpServer(smtpPort, MAX_MAIL_BYTES, store::add);
    }

    /**
     * Starts the mailbox.
     *
     * @param data the directory for the mails
     * @param smtpPort the TCP port for SMTP
     * @param httpPort the TCP port for HTTP, 0 for any free one
     */
    public static Mailbox start(Path data, int smtpPort, int httpPort) {
        try {
            Mailbox mailbox = new Mailbox(new MailStore(data.resolve("mails")), smtpPort, httpPort);
            mailbox.http.start();
            return mailbox;
        } catch (IOException e) {
            throw new UncheckedIOException("the mailbox did not start", e);
        }
    }

    /** Returns the HTTP port. */
    public int httpPort() {
        return http.getAddress().getPort();
    }

    /** Returns the number of stored mails. */
    public int size() {
        return store.size();
    }

    private record MailboxResponse(int status, String type, String security, byte[] body) {

        static MailboxResponse html(String page) {
            return new MailboxResponse(
                    200,
                    "text/html; charset=utf-8",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'",
                    bytes(page));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private interface MailboxHandler {
        MailboxResponse handle(HttpExchange exchange);
    }

    private static void respond(HttpExchange exchange, MailboxHandler handler) throws IOException {
        try (exchange) {
            MailboxResponse response;
            try {
                response = exchange.getRequestMethod().equals("GET")
                        ? handler.handle(exchange)
                        : new MailboxResponse(
                                405,
                                "text/plain",
                                "default-src 'none'",
                                MailboxResponse.bytes("Only GET is supported.\n"));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                response = new MailboxResponse(
                        404, "text/plain", "default-src 'none'", MailboxResponse.bytes("There is no such mail.\n"));
            }
            exchange.getResponseHeaders().set("Content-Type", response.type());
            exchange.getResponseHeaders().set("Content-Security-Policy", response.security());
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(response.status(), response.body().length);
            exchange.getResponseBody().write(response.body());
        }
    }

    private MailboxResponse json(HttpExchange exchange) {
        boolean withHtml = parameter(exchange, "html").filter("false"::equals).isEmpty();
        List<MailMessage> messages = parameter(exchange, "after")
                .map(id -> parsed(store.after(Integer.parseInt(id), MAX_FOLLOWED), withHtml))
                .orElseGet(() -> mails(parameter(exchange, "to"), withHtml));
        return new MailboxResponse(200, "application/json", "default-src 'none'", JSON.writeValueAsBytes(messages));
    }

    private List<MailMessage> mails(Optional<String> to, boolean withHtml) {
        return parsed(to.map(store::to).orElseGet(() -> store.newest(MAX_SHOWN)), withHtml);
    }

    private static List<MailMessage> parsed(List<MailStore.StoredMail> mails, boolean withHtml) {
        return mails.stream().map(mail -> MailMessage.of(mail, withHtml)).toList();
    }

    private MailboxResponse page(HttpExchange exchange) {
        String[] path = exchange.getRequestURI().getPath().split("/");
        if (path.length >= 3 && path[1].equals("messages")) {
            MailMessage message = MailMessage.of(store.get(Integer.parseInt(path[2])), true);
            return path.length == 4 && path[3].equals("html")
                    ? body(message)
                    : MailboxResponse.html(MailboxPages.message(message));
        }
        Optional<String> to = parameter(exchange, "to").filter(address -> !address.isBlank());
        List<MailMessage> newestFirst = new ArrayList<>(mails(to, true));
        Collections.reverse(newestFirst);
        return MailboxResponse.html(MailboxPages.list(newestFirst, to, store.size()));
    }

    /**
     * A mail's HTML is not trusted. The page allows no scripts, no forms and no external resources. Links open in the
     * top window.
     */
    private static MailboxResponse body(MailMessage message) {
        return new MailboxResponse(
                200,
                "text/html; charset=utf-8",
                "sandbox allow-top-navigation-by-user-activation allow-popups; default-src 'none'; "
                        + "style-src 'unsafe-inline'; img-src data:",
                MailboxResponse.bytes("<base target=\"_top\">" + message.html()));
    }

    private static Optional<String> parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) {
            return Optional.empty();
        }
        for (String pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                // A plus in an address is literal, because forms send it as %2B.
                String raw = pair.substring(name.length() + 1).replace("+", "%2B");
                return Optional.of(URLDecoder.decode(raw, StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        http.stop(0);
        httpThreads.shutdownNow();
        smtp.close();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the mailbox did not close its file", e);
        }
    }
}
