package org.countersign.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies the public log without credentials. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = {
            "Verify the public log from its first entry.",
            "The command verifies signature and root hash of the head, and append-only growth since the last check.",
            "It follows each signature from entry to entry, and recomputes counts, milestones and fingerprints.",
            "It compares them with the counter, and with the text of the petitions as the service shows them.",
            "It needs no credentials.",
            "Exit status 0 if there are no problems."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class LogCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            arity = "0..1",
            description = "URL of the log, such as https://petitions.example/log. Default: the local stack.")
    private @Nullable String log;

    @Option(
            names = "--counter",
            paramLabel = "URL",
            description = "URL of the counter, such as https://counts.petitions.example. Default: the local stack.")
    private @Nullable String counter;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Log key as NAME+ID+BASE64, from a source you trust. Default: the key that the log serves.")
    private @Nullable String key;

    @Option(
            names = "--known",
            paramLabel = "FILE",
            description = "File with the head of the last check. The command verifies append-only growth "
                    + "since then and stores the new head.")
    private @Nullable Path known;

    @Override
    public Integer call() {
        PublicLogClient source = new PublicLogClient(
                log == null ? "http://127.0.0.1:" + ports.signatureService() + "/log" : log,
                counter == null ? "http://127.0.0.1:" + ports.counterProjection() : counter);
        LogKey trusted = trusted(source);
        PublicLogCheck check = new PublicLogCheck(
                source, trusted, new ProgressBar(spec.commandLine().getOut()));
        SignedNote head =
                check.run(Optional.ofNullable(known).filter(Files::exists).map(LogCommand::read));
        PrintWriter out = spec.commandLine().getOut();
        check.problems().forEach(out::println);
        out.printf(
                "%,d entries of %s checked%s, %,d problem%s%n",
                Checkpoint.parse(head.text()).size(),
                trusted.name(),
                key == null ? " with the key that it serves" : "",
                check.problems().size(),
                check.problems().size() == 1 ? "" : "s");
        if (check.problems().isEmpty() && known != null) {
            write(known, head);
        }
        return check.problems().isEmpty() ? 0 : 1;
    }

    private LogKey trusted(PublicLogClient source) {
        try {
            return LogKey.parse(key == null ? source.key() : key);
        } catch (IllegalArgumentException e) {
            throw new UserException("--key: " + e.getMessage());
        }
    }

    private static SignedNote read(Path file) {
        try {
            return SignedNote.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, SignedNote head) {
        try {
            Files.writeString(file, head.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
