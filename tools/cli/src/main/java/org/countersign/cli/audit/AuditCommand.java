package org.countersign.cli.audit;

import picocli.CommandLine.Command;

/** Groups the commands for auditors. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        subcommands = {ReplayCommand.class, ReconcileCommand.class, LogCommand.class, ReceiptCommand.class},
        description = {
            "Verify the history, the public log and receipts.",
            "The commands replay and reconcile need COUNTERSIGN_AUDITOR_PASSWORD."
        })
public final class AuditCommand {}
