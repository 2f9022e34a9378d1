package org.countersign.loadtest.attack;

import java.util.List;
import java.util.random.RandomGenerator;

/** The mail domains of honest signers: most have an account at a large provider. */
final class MailProviders {

    private static final String[] LARGE = {
        "gmail.com",
        "gmail.com",
        "gmail.com",
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "icloud.com",
        "gmx.de",
        "web.de",
        "orange.fr",
        "libero.it",
        "proton.me",
        "mail.com"
    };
    private static final double WITH_LARGE_PROVIDER = 0.85;
    private static final int OTHER_DOMAINS = 3000;

    private MailProviders() {}

    /** Returns the domain of a large provider. */
    static String large(RandomGenerator random) {
        return PersonalNames.pick(LARGE, random);
    }

    static boolean isLarge(String domain) {
        return List.of(LARGE).contains(domain);
    }

    /** Returns the domain of a large provider, or of one of many small organisations. */
    static String any(RandomGenerator random) {
        return random.nextDouble() < WITH_LARGE_PROVIDER
                ? large(random)
                : "organisation-" + random.nextInt(OTHER_DOMAINS) + ".example";
    }
}
