package org.countersign.cli;

import org.countersign.cli.audit.AuditCommand;
import org.countersign.cli.petition.PublishCommand;
import org.countersign.cli.projection.ProjectionCommand;
import org.countersign.faulttest.FaultsCommand;
import org.countersign.loadtest.BurstCommand;
import org.countersign.localstack.UpCommand;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The countersign command. */
@Command(
        name = "countersign",
        mixinStandardHelpOptions = true,
        version = "Countersign 0.1",
        description = "Collects petition signatures at any scale, counts them exactly and shows the number live.",
        footer = {
            "Also:",
            "  bench    Measures everything that is claimed about speed, memory and size.",
            "  test     Runs every test."
        },
        subcommands = {
            UpCommand.class,
            PublishCommand.class,
            SignCommand.class,
            StatusCommand.class,
            BurstCommand.class,
            AuditCommand.class,
            ProjectionCommand.class,
            FaultsCommand.class
        })
public final class Countersign {

    private Countersign() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** The command, ready to parse and run. */
    public static CommandLine commandLine() {
        return new CommandLine(new Countersign()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs a command and gives the exit status: 0 done, 1 failed, 2 called wrongly. */
    static int run(String... args) {
        return execute(commandLine(), args.length == 0 ? new String[] {"--help"} : args);
    }

    /**
     * Runs a command and gives the exit status; of what its user can mend only the message is shown, without a stack
     * trace.
     */
    public static int execute(CommandLine command, String... args) {
        return command.setExecutionExceptionHandler((e, line, result) -> {
                    if (!(e instanceof UserException)) {
                        throw e;
                    }
                    line.getErr().println(line.getColorScheme().errorText(e.getMessage()));
                    return 1;
                })
                .execute(args);
    }
}
