package org.countersign.cli.recovery;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.countersign.localstack.StackBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Backs up the databases and keys of the local stack. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Back up the databases and keys of the local stack.",
            "The stack may run meanwhile. Kafka is not part of the backup."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class BackupCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Directory of the backup, which must be new or empty.")
    private Path target;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".countersign",
            description = "Directory of the stack (${DEFAULT-VALUE}).")
    private Path data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        new StackBackup(data.toAbsolutePath().normalize())
                .backUp(target.toAbsolutePath().normalize());
        spec.commandLine().getOut().println("Backed up the databases and keys to " + target + ".");
        spec.commandLine().getOut().println("The backup opens personal data. Store it as safely as the stack.");
        return 0;
    }
}
