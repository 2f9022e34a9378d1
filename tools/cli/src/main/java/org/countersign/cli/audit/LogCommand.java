package org.countersign.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the public log as anybody can, without credentials. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description =
                "Checks a transparency log from its first entry on: that its head is signed and is the head of what it serves, that it has only "
                        + "grown since it was last checked, and that the counts its entries make are those the counter shows. Needs no credentials. "
                        + "Exit status 0 only if all of it holds.")
final class LogCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            arity = "0..1",
            description =
                    "Where the log is, such as https://petitions.example/log; the running stack's if it is left out.")
    private String log;

    @Option(
            names = "--counter",
            paramLabel = "URL",
            description =
                    "Where the counter is, such as https://counts.petitions.example; the running stack's if it is left out.")
    private String counter;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The log's key as NAME+ID+BASE64, had from somebody you trust; the one the log shows if it is left out.")
    private String key;

    @Option(
            names = "--known",
            paramLabel = "FILE",
            description =
                    "The head that was checked last, to see that the log has only grown since; the new head is written there.")
    private Path known;

    @Override
    public Integer call() {
        PublicLogClient source = new PublicLogClient(
                log == null ? "http://127.0.0.1:" + ports.signatureService() + "/log" : log,
                counter == null ? "http://127.0.0.1:" + ports.counterProjection() : counter);
        LogKey trusted = trusted(source);
        PublicLogCheck check = new PublicLogCheck(
                source, trusted, new ProgressBar(spec.commandLine().getOut()));
        SignedNote head = check.run(known != null && Files.exists(known) ? read(known) : null);
        PrintWriter out = spec.commandLine().getOut();
        check.problems().forEach(out::println);
        out.printf(
                "%,d entries of %s checked%s, %,d problem%s%n",
                Checkpoint.parse(head.text()).size(),
                trusted.name(),
                key == null ? " against the key it shows itself" : "",
                check.problems().size(),
                check.problems().size() == 1 ? "" : "s");
        if (check.problems().isEmpty() && known != null) {
            write(head);
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

    private void write(SignedNote head) {
        try {
            Files.writeString(known, head.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
