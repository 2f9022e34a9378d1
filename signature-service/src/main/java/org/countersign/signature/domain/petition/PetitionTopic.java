package org.countersign.signature.domain.petition;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The topics that an organiser can choose for a petition. A later version may add some, and removes none. */
public enum PetitionTopic {
    ENVIRONMENT,
    HEALTH,
    TRANSPORT,
    EDUCATION,
    HOUSING,
    ANIMALS,
    CULTURE,
    DEMOCRACY,
    HUMAN_RIGHTS,
    OTHER;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Returns its name in events, requests and addresses, such as {@code human-rights}. */
    public String key() {
        return key;
    }

    /** Returns the topic with a key, or empty if this version knows none. */
    public static Optional<PetitionTopic> of(String key) {
        return Arrays.stream(values()).filter(topic -> topic.key.equals(key)).findAny();
    }

    /** Returns the keys of all topics, in the order in which people choose from them. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(PetitionTopic::key).toList();
    }
}
