package org.countersign.signature.search;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.petition.PetitionTopic;
import org.jspecify.annotations.Nullable;

/**
 * Which petitions a reader wants to see.
 *
 * @param words words to search for
 * @param topic only petitions with this topic
 * @param order the order; without one, the best match first, or the newest if there are no words
 * @param page the page, from 1
 */
public record ListQuery(
        Optional<SearchWords> words, Optional<PetitionTopic> topic, Optional<ListOrder> order, int page) {

    /** The names of the parameters. */
    public static final String WORDS = "q";

    public static final String TOPIC = "topic";
    public static final String ORDER = "sort";
    public static final String PAGE = "page";

    /** A page number with more digits is invalid. */
    private static final int MAX_DIGITS = 9;

    /**
     * Validates the parameters of a request. Empty ones count as absent, because a form sends them.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a parameter is invalid
     */
    public static ListQuery parse(
            @Nullable String words, @Nullable String topic, @Nullable String order, @Nullable String page) {
        FieldErrors errors = new FieldErrors();
        Optional<SearchWords> validWords = errors.parse(WORDS, () -> SearchWords.parse(words));
        Optional<PetitionTopic> validTopic = present(topic).flatMap(PetitionTopic::of);
        if (present(topic).isPresent() && validTopic.isEmpty()) {
            errors.reject(TOPIC, "must be one of " + String.join(", ", PetitionTopic.keys()));
        }
        Optional<ListOrder> validOrder = present(order).flatMap(ListOrder::of);
        if (present(order).isPresent() && validOrder.isEmpty()) {
            errors.reject(ORDER, "must be one of " + String.join(", ", ListOrder.keys()));
        }
        int validPage = present(page).map(ListQuery::number).orElse(1);
        if (validPage < 1) {
            errors.reject(PAGE, "must be a number from 1");
        }
        errors.throwIfAny();
        return new ListQuery(validWords, validTopic, validOrder, validPage);
    }

    private static Optional<String> present(@Nullable String parameter) {
        return Optional.ofNullable(parameter).filter(text -> !text.isEmpty());
    }

    /** Returns 0 for a text that is no page number. */
    private static int number(String text) {
        boolean digits = text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }

    /** Returns the query for another page of the same list. */
    public ListQuery withPage(int other) {
        return new ListQuery(words, topic, order, other);
    }

    /** Returns the query for the first page in another order. */
    public ListQuery withOrder(Optional<ListOrder> other) {
        return new ListQuery(words, topic, other, 1);
    }

    /** Returns the parameters that differ from the default, by name. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        words.ifPresent(given -> parameters.put(WORDS, given.text()));
        topic.ifPresent(given -> parameters.put(TOPIC, given.key()));
        order.ifPresent(given -> parameters.put(ORDER, given.key()));
        if (page > 1) {
            parameters.put(PAGE, Integer.toString(page));
        }
        return parameters;
    }
}
