package org.countersign.signature.web.rehearsal;

import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailDataRequest;
import org.countersign.signature.api.CallRehearsal;
import org.countersign.signature.application.MailDataReader;
import org.countersign.signature.application.SigningRehearsal;
import org.countersign.signature.web.pagecache.PageRehearsal;
import org.countersign.support.warmup.Rehearsal;
import org.countersign.support.warmup.RehearsalTime;
import org.springframework.stereotype.Component;
import org.springframework.web.context.WebApplicationContext;

/**
 * Rehearses what each signer causes: the sign call, the data of the mail, the confirm page and the confirmation. Every
 * request takes the way of a real one, from the socket to the commit, over a copy of the log's tables.
 */
@Component
class SignerRehearsal implements Rehearsal {

    private static final int CONNECTIONS = 16;
    /** In the first minute of a burst, a few of the signers have read their mail. */
    private static final int SIGNERS_PER_CONFIRMATION = 5;

    /** The signers whose mail data is read in one call, as the notifier does. */
    private static final int BATCH_SIZE = 50;

    private static final String SIGN_PATH = "/api/petitions/" + SigningRehearsal.PETITION + "/signatures";
    private static final String VERIFY_PATH = "/api/signatures/verify";
    private static final String CONFIRM_PATH = "/confirm";
    private static final Set<String> CALLS = Set.of("POST " + SIGN_PATH, "POST " + VERIFY_PATH, "GET " + CONFIRM_PATH);

    private final SigningRehearsal signings;
    private final CallRehearsal calls;
    private final PageRehearsal pages;
    private final Filter security;
    private final WebApplicationContext controllers;

    SignerRehearsal(
            SigningRehearsal signings,
            CallRehearsal calls,
            PageRehearsal pages,
            Filter springSecurityFilterChain,
            WebApplicationContext controllers) {
        this.signings = signings;
        this.calls = calls;
        this.pages = pages;
        this.security = springSecurityFilterChain;
        this.controllers = controllers;
    }

    @Override
    public long rehearse(RehearsalTime time) throws Exception {
        AtomicInteger signers = new AtomicInteger();
        try (SigningRehearsal.RehearsedSigning signing = signings.open()) {
            List<Filter> filters = new ArrayList<>(calls.filters(signing.signing()));
            filters.add(security);
            filters.add(pages.confirmPages(signing.confirmations()));
            ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
            try (RehearsalServer server = new RehearsalServer(CALLS, filters, controllers)) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < CONNECTIONS; i++) {
                    all.add(threads.submit(() -> {
                        rehearse(server.port(), signing.mailData(), signers, time);
                        return null;
                    }));
                }
                for (Future<?> each : all) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }
        return signers.get();
    }

    private void rehearse(int port, MailDataReader mailData, AtomicInteger signers, RehearsalTime time)
            throws Exception {
        try (RehearsalConnection connection = new RehearsalConnection(port)) {
            while (!time.isOver() && signers.get() < ENOUGH) {
                List<MailDataRequest> mails = new ArrayList<>();
                for (int i = 0; i < BATCH_SIZE && !time.isOver(); i++) {
                    String address = "signer-" + signers.incrementAndGet() + "@warm-up.example";
                    if (connection.post(SIGN_PATH, form(address))) {
                        mails.add(signings.mailOf(address));
                    }
                }
                for (Optional<MailData> mail :
                        mailData.read(mails).subList(0, mails.size() / SIGNERS_PER_CONFIRMATION)) {
                    confirm(connection, mail.orElseThrow(), time);
                }
            }
        }
    }

    private static String form(String address) {
        return "{\"name\":\"Wanda Warm\",\"email\":\"" + address + "\",\"country\":\"AM\",\"comment\":"
                + "\"I rest there every day.\",\"public\":true,\"updates\":true}";
    }

    private static void confirm(RehearsalConnection connection, MailData mail, RehearsalTime time) throws Exception {
        if (!time.isOver() && mail.links().confirm() != null) {
            String token = mail.links().confirm().replaceFirst(".*\\?token=", "");
            connection.get(CONFIRM_PATH + "?token=" + token);
            connection.post(VERIFY_PATH, "{\"token\":\"" + token + "\"}");
        }
    }
}
