package org.countersign.signature.web.petition;

import java.util.Optional;
import org.countersign.signature.screening.MistypedDomains;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Asks a signer once whether an address has a typing error. Each answer is a button whose value is the whole address,
 * so that the form needs no script. The question depends on the typed address only.
 */
@Component
class AddressQuestion {

    /** The field with the address that the question is about. */
    static final String ASKED = "asked";

    /** The field of the two buttons. */
    static final String ANSWER = "address";

    private final MistypedDomains domains = new MistypedDomains();

    /**
     * The address of a form.
     *
     * @param email the address that the signer typed or chose
     * @param suggestion the address to ask about; empty if there is nothing to ask
     */
    record Answer(@Nullable String email, Optional<String> suggestion) {}

    /**
     * Returns the address that counts. A button counts only while the field has the address that its question was
     * about: a browser also presses the first button when the signer corrects the field and presses Enter.
     *
     * @param email the field
     * @param asked what the question was about; null if nothing was asked
     * @param answer the value of the pressed button; null for the button that signs
     */
    Answer answer(@Nullable String email, @Nullable String asked, @Nullable String answer) {
        Optional<String> suggestion = domains.suggestion(email);
        boolean answered = answer != null
                && email != null
                && email.equals(asked)
                && (answer.equals(email) || suggestion.filter(answer::equals).isPresent());
        return answered ? new Answer(answer, Optional.empty()) : new Answer(email, suggestion);
    }
}
