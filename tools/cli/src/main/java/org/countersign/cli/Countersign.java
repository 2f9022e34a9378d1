package org.countersign.cli;

import org.countersign.cli.audit.AuditCommand;
import org.countersign.cli.images.ImagesCommand;
import org.countersign.cli.mail.MailCommand;
import org.countersign.cli.petition.PublishCommand;
import org.countersign.cli.privacy.PrivacyCommand;
import org.countersign.cli.projection.ProjectionCommand;
import org.countersign.cli.recovery.BackupCommand;
import org.countersign.cli.recovery.RecoverCommand;
import org.countersign.cli.recovery.RelayCommand;
import org.countersign.cli.recovery.RestoreCommand;
import org.countersign.cli.train.TrainCommand;
import org.countersign.faulttest.FaultsCommand;
import org.countersign.loadtest.BurstCommand;
import org.countersign.loadtest.attack.AttackCommand;
import org.countersign.localstack.UpCommand;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code countersign} command with all its subcommands. */
@Command(
        name = "countersign",
        mixinStandardHelpOptions = true,
        version = "Countersign 0.1",
        description = "Collect petition signatures at any scale, count them exactly and show the number live.",
        footer = {
            "The start script adds:",
            "  bench       Run the benchmarks behind docs/performance.md.",
            "  test        Run all tests."
        },
        subcommands = {
            UpCommand.class,
            PublishCommand.class,
            SignCommand.class,
            StatusCommand.class,
            BurstCommand.class,
            AttackCommand.class,
            TrainCommand.class,
            ImagesCommand.class,
            AuditCommand.class,
            ProjectionCommand.class,
            PrivacyCommand.class,
            MailCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            RecoverCommand.class,
            RelayCommand.class,
            FaultsCommand.class
        })
public final class Countersign {

    private Countersign() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Returns the command, ready to parse arguments and run. */
    public static CommandLine commandLine() {
        return new CommandLine(new Countersign()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs a command and returns its exit status: 0 for success, 1 for failure, 2 for wrong arguments. */
    static int run(String... args) {
        return execute(commandLine(), args.length == 0 ? new String[] {"--help"} : args);
    }

    /** Runs a command and returns its exit status. For a {@link UserException} it prints only the message. */
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
