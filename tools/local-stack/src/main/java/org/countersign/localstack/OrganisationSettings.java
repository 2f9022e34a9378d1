package org.countersign.localstack;

import java.util.HashMap;
import java.util.Map;

/** The privacy notice of the organisation on a local stack, so that petitions can be published without settings. */
final class OrganisationSettings {

    private static final String PREFIX = "COUNTERSIGN_NOTICE_";

    private static final Map<String, String> INVENTED = Map.of(
            PREFIX + "CONTROLLER", "Mill Street Neighbours, 1 Mill Street, Millbrook",
            PREFIX + "CONTACT", "privacy@millstreet.example",
            PREFIX + "PURPOSE",
                    "To count your signature, to tell you about this petition if you ask for it, and to hand the"
                            + " signatures over.",
            PREFIX + "RECIPIENTS", "The recipients of the petition get names and countries, but no e-mail addresses.",
            PREFIX + "RETENTION", "We erase your data 180 days after the petition closes.",
            PREFIX + "CONSENT", "false");

    private OrganisationSettings() {}

    /**
     * Returns the settings of the notice: those of the environment, and of an invented organisation for the rest.
     *
     * @param environment the environment of this process
     */
    static Map<String, String> orInvented(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(INVENTED);
        settings.replaceAll(environment::getOrDefault);
        return settings;
    }
}
