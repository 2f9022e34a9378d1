package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.countersign.benchmarks.peer.bare.BarePeer;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.ApiClient;

/**
 * Compares the page and the call of confirmations with sign calls, and the page with a static file of the same size, in
 * alternating rounds. Each request has the link of another signer.
 */
final class ConfirmBenchmark {

    private static final String FILE = "a static file of the same size";
    private static final String FILE_PATH = "/file.html";
    private static final String PAGE = "Countersign, confirm pages";
    private static final String CALL = "Countersign, confirm calls";
    private static final String SIGN = "Countersign, sign calls";
    /** A round confirms this many signatures for each of its seconds. */
    private static final int CONFIRMATIONS_PER_SECOND = 4_000;

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    ConfirmBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("confirm: starting the signature service and a web server with a file");
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.publishPetition();
            report.settings(stack.durableSettings());
            ConfirmationLoad signers = new ConfirmationLoad(stack);
            int round = size.seconds() * CONFIRMATIONS_PER_SECOND;
            int warmUp = size.warmUp() * CONFIRMATIONS_PER_SECOND / 4;
            report.progress("confirm: %,d signers sign".formatted(warmUp + round * size.rounds()));
            signers.sign(warmUp + round * size.rounds());
            Path files = Files.createDirectories(stack.logs().resolve("files"));
            Files.writeString(
                    files.resolve(FILE_PATH.substring(1)),
                    new ApiClient()
                            .get(stack.ports().signatureService(), page(signers, 0), Optional.empty())
                            .body());
            Map<String, String> settings = Map.of(
                    "SPRING_WEB_RESOURCES_STATIC_LOCATIONS", files.toUri().toString());
            try (PeerProcess web = stack.startPeer(BarePeer.class, BarePeer.WITHOUT, Optional.empty(), settings)) {
                measure(web.port(), signers, warmUp, round);
            }
        }
    }

    private static String page(ConfirmationLoad signers, int signer) {
        return "/confirm?token=" + signers.token(signer);
    }

    private void measure(int web, ConfirmationLoad signers, int warmUp, int round)
            throws IOException, InterruptedException {
        int product = stack.ports().signatureService();
        report.progress("confirm: " + size.warmUp() + " s of warm-up each");
        IntFunction<byte[]> file = number -> HttpLoad.get(FILE_PATH);
        ReadLoad.run(web, size.clients(), size.warmUp(), file);
        ReadLoad.run(product, size.clients(), size.warmUp(), pages(signers, 0));
        SignLoad.warmUp(product, size.clients(), size.warmUp());
        signers.confirm(0, warmUp, size.clients());
        for (int i = 0; i < size.rounds(); i++) {
            int first = warmUp + i * round;
            stack.settle();
            report.round(FILE, ReadLoad.run(web, size.clients(), size.seconds(), file));
            report.round(PAGE, ReadLoad.run(product, size.clients(), size.seconds(), pages(signers, first)));
            report.round(SIGN, SignLoad.run(product, size.clients(), size.seconds()));
            stack.settle();
            report.round(CALL, signers.confirm(first, first + round, size.clients()));
        }
        report.ratio("confirm pages ÷ sign calls", PAGE, SIGN, 1);
        report.ratio("confirm pages ÷ a static file", PAGE, FILE, 0.3);
        report.ratio("confirm calls ÷ sign calls", CALL, SIGN, 1);
    }

    /** The pages of the signers from a number on. After the last signer, the first follows again. */
    private static IntFunction<byte[]> pages(ConfirmationLoad signers, int first) {
        return number -> HttpLoad.get(page(signers, first + number % (signers.size() - first)));
    }
}
