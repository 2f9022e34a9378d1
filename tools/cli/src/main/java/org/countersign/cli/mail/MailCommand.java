package org.countersign.cli.mail;

import picocli.CommandLine.Command;

/** Groups the commands about outgoing mail. */
@Command(
        name = "mail",
        mixinStandardHelpOptions = true,
        description = "Check that mail providers can trust outgoing mail.",
        subcommands = MailCheckCommand.class)
public final class MailCommand {}
