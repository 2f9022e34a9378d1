package org.countersign.cli.audit;

import picocli.CommandLine.Command;

/** Groups the commands for auditors. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        subcommands = {ReplayCommand.class, ReconcileCommand.class, LogCommand.class, ReceiptCommand.class},
        description = "Replay the history, compare the stores, and verify the public log and receipts. "
                + "replay and reconcile need COUNTERSIGN_AUDITOR_PASSWORD.")
public final class AuditCommand {}
