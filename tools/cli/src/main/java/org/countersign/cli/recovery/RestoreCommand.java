package org.countersign.cli.recovery;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.countersign.localstack.StackBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Restores a backup of the local stack. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Restore the databases and keys of the local stack from a backup.",
            "The stack must be stopped. Kafka stays as it is: it has the events after the backup."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class RestoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Directory of the backup.")
    private Path source;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".countersign",
            description = "Directory of the stack (${DEFAULT-VALUE}).")
    private Path data;

    @Option(names = "--force", description = "Replace existing databases. They are kept in another directory.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StackBackup.RestoredBackup restored = new StackBackup(
                        data.toAbsolutePath().normalize())
                .restore(source.toAbsolutePath().normalize(), force);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Restored the backup of " + restored.time() + ".");
        if (!restored.replaced().toString().isEmpty()) {
            out.println("The replaced databases are in " + restored.replaced() + ". Delete them when all is well.");
        }
        out.println("Next: start the stack with ./countersign up, then run ./countersign recover.");
        return 0;
    }
}
