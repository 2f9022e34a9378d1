package org.countersign.signature.people;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PersonName;

/** Sets up password and second factor of a new person, in one form. */
final class Enrolment {

    private static final int GROUP = 4;

    private final SealedColumn sealing;
    private final PersonDirectory people;
    private final PersonCredentials credentials;
    private final Clock clock;

    Enrolment(SealedColumn sealing, PersonDirectory people, PersonCredentials credentials, Clock clock) {
        this.sealing = sealing;
        this.people = people;
        this.credentials = credentials;
        this.clock = clock;
    }

    /** Makes the secret of the codes for a link. */
    EnrolmentSecret offer(UUID link, String account) {
        byte[] secret = credentials.newSecret();
        return shown(
                Base64.getUrlEncoder().withoutPadding().encodeToString(sealing.sealBytes(link, secret)),
                secret,
                account);
    }

    /** Shows the secret of an earlier page again. A secret that does not open is replaced. */
    EnrolmentSecret again(UUID link, String sealed, String account) {
        byte[] secret = open(link, sealed);
        return secret.length == 0 ? offer(link, account) : shown(sealed, secret, account);
    }

    private static EnrolmentSecret shown(String sealed, byte[] secret, String account) {
        String base32 = TotpCodes.base32(secret);
        String label = URLEncoder.encode("Countersign:" + account, StandardCharsets.UTF_8)
                .replace("+", "%20");
        return new EnrolmentSecret(
                sealed,
                base32.replaceAll("(.{" + GROUP + "})(?=.)", "$1 "),
                "otpauth://totp/" + label + "?secret=" + base32 + "&issuer=Countersign");
    }

    private byte[] open(UUID link, String sealed) {
        try {
            return sealing.openBytes(link, Base64.getUrlDecoder().decode(sealed));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new byte[0];
        }
    }

    /**
     * Checks a form.
     *
     * @return by field, the message key of what is wrong
     */
    Map<String, String> check(UUID link, EnrolmentForm form) {
        Map<String, String> wrong = new LinkedHashMap<>();
        reject(wrong, "name", "person.wrong.name", () -> PersonName.parse(form.name()));
        reject(wrong, "email", "person.wrong.email", () -> EmailAddress.parse(form.email()));
        if (!PersonPassword.isAllowed(form.password())) {
            wrong.put("password", "person.wrong.password");
        }
        if (step(link, form).isEmpty()) {
            wrong.put("code", "person.wrong.code");
        }
        return wrong;
    }

    static void reject(Map<String, String> wrong, String field, String key, Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            wrong.put(field, key);
        }
    }

    private OptionalLong step(UUID link, EnrolmentForm form) {
        byte[] secret = open(link, form.secret());
        return secret.length == 0
                ? OptionalLong.empty()
                : TotpCodes.step(secret, form.code().replaceAll("\\s", ""), clock.instant());
    }

    /** A new person and the recovery codes. */
    record NewPerson(UUID person, List<String> recoveryCodes) {}

    /**
     * Adds the person of a valid form.
     *
     * @throws org.springframework.dao.DuplicateKeyException if there is a person with this address
     */
    NewPerson complete(UUID link, EnrolmentForm form, boolean operator) {
        return complete(
                people.create(PersonName.parse(form.name()), EmailAddress.parse(form.email()), operator), link, form);
    }

    /**
     * Adds the person of a valid form whose address an invitation has proved. A person whom an operator has added
     * without an account gets one.
     *
     * @throws org.springframework.dao.DuplicateKeyException if there is a person with an account and this address
     */
    NewPerson completeInvited(UUID link, EnrolmentForm form) {
        EmailAddress address = EmailAddress.parse(form.email());
        Optional<AccountPerson> added = people.find(address).filter(person -> !hasAccount(person));
        if (added.isEmpty()) {
            return complete(link, form, false);
        }
        people.rename(added.get().id(), PersonName.parse(form.name()), address);
        return complete(added.get().id(), link, form);
    }

    /** Returns whether a person has set a password, or was disabled afterwards. */
    boolean hasAccount(AccountPerson person) {
        return !person.enabled() || credentials.passwordHash(person.id()) != null;
    }

    private NewPerson complete(UUID person, UUID link, EnrolmentForm form) {
        List<String> codes = credentials.create(
                person,
                form.password(),
                open(link, form.secret()),
                step(link, form).orElseThrow());
        return new NewPerson(person, codes);
    }
}
