package org.countersign.cli.audit;

import picocli.CommandLine.Command;

/** What auditors do. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        subcommands = {ReplayCommand.class, ReconcileCommand.class, LogCommand.class, ReceiptCommand.class},
        description =
                "For auditors: replays the history, and holds event store, Kafka and counters against each other; "
                        + "COUNTERSIGN_AUDITOR_PASSWORD holds the password. For everybody: checks the public log and receipts.")
public final class AuditCommand {}
