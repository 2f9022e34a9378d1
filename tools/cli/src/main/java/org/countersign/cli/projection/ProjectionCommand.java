package org.countersign.cli.projection;

import picocli.CommandLine.Command;

/** What operators do with what is derived from the history. */
@Command(
        name = "projection",
        mixinStandardHelpOptions = true,
        subcommands = RebuildCommand.class,
        description =
                "For operators: what is derived from the history can be derived anew; COUNTERSIGN_ORGANISER_PASSWORD holds the password.")
public final class ProjectionCommand {}
