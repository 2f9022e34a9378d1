package org.countersign.cli.privacy;

import picocli.CommandLine.Command;

/** Groups the commands about data protection. */
@Command(
        name = "privacy",
        mixinStandardHelpOptions = true,
        description = {"Write the papers of data protection.", "Needs COUNTERSIGN_ORGANISER_PASSWORD."},
        subcommands = PrivacyReportCommand.class)
public final class PrivacyCommand {}
