package org.countersign.cli.projection;

import picocli.CommandLine.Command;

/** Groups the operator commands for projections of the event history. */
@Command(
        name = "projection",
        mixinStandardHelpOptions = true,
        subcommands = RebuildCommand.class,
        description = {"Rebuild what is derived from the event history.", "Needs COUNTERSIGN_ORGANISER_PASSWORD."})
public final class ProjectionCommand {}
