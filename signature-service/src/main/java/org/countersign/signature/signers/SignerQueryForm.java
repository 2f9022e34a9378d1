package org.countersign.signature.signers;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.personaldata.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * A search as the organiser sent it. At least one of email, id, from, to and state is given.
 *
 * @param email the signer's address in any spelling
 * @param id the id of a signature
 * @param from the earliest time of the first sign call, in ISO 8601
 * @param to the end of these times, exclusive
 * @param state the name of a {@link SignatureFilter}
 * @param limit the maximum number of signatures in the answer, 1 to 500; absent for 50
 * @param after {@code next} of the answer before; absent at first
 */
public record SignerQueryForm(
        @Nullable String email,
        @Nullable String id,
        @Nullable String from,
        @Nullable String to,
        @Nullable String state,
        @Nullable Integer limit,
        @Nullable String after) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}");
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    /** Returns the search for one signature. */
    public static SignerQueryForm ofId(String id) {
        return new SignerQueryForm(null, id, null, null, null, null, null);
    }

    /** @throws InvalidFieldsException if a field is invalid, or no criterion is given */
    SignerQuery validate() {
        FieldErrors errors = new FieldErrors();
        Optional<EmailAddress> address = parse(errors, "email", email, EmailAddress::parse);
        Optional<SignatureId> signature = parse(errors, "id", id, SignerQueryForm::signature);
        Optional<Instant> begin = parse(errors, "from", from, SignerQueryForm::time);
        Optional<Instant> end = parse(errors, "to", to, SignerQueryForm::time);
        Optional<SignatureFilter> wanted = parse(errors, "state", state, SignatureFilter::of);
        Optional<Long> position = parse(errors, "after", after, SignerQueryForm::position);
        if (begin.isPresent() && end.isPresent() && !begin.get().isBefore(end.get())) {
            errors.reject("to", "must be later than from");
        }
        if (limit != null && (limit < 1 || limit > MAX_LIMIT)) {
            errors.reject("limit", "must be a number from 1 to " + MAX_LIMIT);
        }
        if (email == null && id == null && from == null && to == null && state == null) {
            errors.reject("email", "is missing; give at least one of email, id, from, to and state");
        }
        errors.throwIfAny();
        return new SignerQuery(
                address, signature, begin, end, wanted, limit == null ? DEFAULT_LIMIT : limit, position.orElse(0L));
    }

    /** An invalid field is empty. The errors hold it then, and the result is not used. */
    private static <T> Optional<T> parse(
            FieldErrors errors, String field, @Nullable String text, Function<String, T> parser) {
        return text == null ? Optional.empty() : Optional.ofNullable(errors.parse(field, () -> parser.apply(text)));
    }

    private static SignatureId signature(String text) {
        try {
            return SignatureId.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a signature id: a UUID of 36 characters", e);
        }
    }

    private static Instant time(String text) {
        Instant time;
        try {
            time = Instant.parse(text.strip());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a time such as 2030-05-01T12:00:00Z", e);
        }
        return time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    }

    private static Long position(String text) {
        if (!POSITION.matcher(text).matches()) {
            throw new IllegalArgumentException("must be the value of next in the answer before");
        }
        return Long.valueOf(text);
    }

    /** Hides the address. */
    @Override
    public String toString() {
        return "SignerQueryForm[…]";
    }
}
