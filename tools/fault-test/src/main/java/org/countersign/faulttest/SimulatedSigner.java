package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A signer with its planned steps and the last response. */
final class SimulatedSigner {

    /** The steps of a signer. */
    enum SignerStep {
        SIGN,
        SIGN_IN_OTHER_SPELLING,
        CONFIRM,
        CONFIRM_AGAIN,
        WITHDRAW,
        WITHDRAW_AGAIN,
        SIGN_AFTER_WITHDRAWAL
    }

    /** The tokens in the links of a confirmation mail. */
    record ConfirmationMail(String confirmToken, String withdrawToken) {

        /** Omits the tokens, because they give access to personal data. */
        @Override
        public String toString() {
            return "ConfirmationMail[…]";
        }
    }

    private static final List<String> COUNTRIES = List.of("AM", "DE", "FR", "GB", "NL");

    private final String petition;
    private final String address;
    private final String country;
    private final Iterator<SignerStep> steps;
    private SignerStep step;
    private volatile boolean done;
    private int signRequests;
    private int polls;
    private int rounds;
    private int confirmations;
    private int withdrawals;
    private final Set<String> tried = new HashSet<>();
    private @Nullable ConfirmationMail mail;
    private boolean awaitsAnswer;
    private @Nullable String signature;
    private String status = "none";
    private String lastResponse = "";

    SimulatedSigner(String petition, int number, Random random) {
        this.petition = petition;
        this.address = "signer-" + number + "@faults.example";
        this.country = COUNTRIES.get(random.nextInt(COUNTRIES.size()));
        this.steps = plan(random).iterator();
        this.step = steps.next();
    }

    private static List<SignerStep> plan(Random random) {
        List<SignerStep> plan = new ArrayList<>(List.of(SignerStep.SIGN));
        if (random.nextInt(6) == 0) {
            plan.add(SignerStep.SIGN_IN_OTHER_SPELLING);
        }
        if (random.nextInt(5) > 0) {
            plan.add(SignerStep.CONFIRM);
            if (random.nextInt(5) == 0) {
                plan.add(SignerStep.CONFIRM_AGAIN);
            }
            if (random.nextInt(5) == 0) {
                plan.add(SignerStep.WITHDRAW);
                if (random.nextInt(3) == 0) {
                    plan.add(SignerStep.WITHDRAW_AGAIN);
                }
                if (random.nextInt(3) == 0) {
                    plan.addAll(List.of(SignerStep.SIGN_AFTER_WITHDRAWAL, SignerStep.CONFIRM));
                }
            }
        }
        return plan;
    }

    String petition() {
        return petition;
    }

    String address() {
        return address;
    }

    SignerStep step() {
        return step;
    }

    /** Returns whether the signer has finished. */
    boolean isDone() {
        return done;
    }

    /** Returns the id of the signature from the confirmation response, if the signer has confirmed. */
    Optional<String> signature() {
        return Optional.ofNullable(signature);
    }

    /** Returns the number of sign requests, including failed ones. */
    int signRequests() {
        return signRequests;
    }

    /** Returns the number of rounds: one, and another after each withdrawal that is followed by a signature. */
    int rounds() {
        return rounds;
    }

    /** Returns the status that the signature must have according to the responses. */
    String status() {
        return status;
    }

    /** Returns the number of confirmed rounds. */
    int confirmations() {
        return confirmations;
    }

    int withdrawals() {
        return withdrawals;
    }

    /** Returns the JSON of the sign request. */
    String form() {
        String typed = step == SignerStep.SIGN_IN_OTHER_SPELLING ? address.toUpperCase(Locale.ROOT) : address;
        return "{\"name\":\"Fay Fault\",\"email\":\"" + typed + "\",\"country\":\"" + country + "\"}";
    }

    /** Counts a look for a mail that does not come. */
    int countPoll() {
        return ++polls;
    }

    /** Ends all steps. */
    void giveUp() {
        done = true;
    }

    void countSignRequest() {
        signRequests++;
    }

    void signed() {
        if (step != SignerStep.SIGN_IN_OTHER_SPELLING) {
            rounds++;
            status = "pending";
        }
        next();
    }

    void confirmed(String id) {
        signature = id;
        confirmations++;
        status = "verified";
        next();
    }

    void withdrawn() {
        withdrawals++;
        status = "withdrawn";
        next();
    }

    /** Continues with the next step. */
    void next() {
        if (steps.hasNext()) {
            step = steps.next();
        } else {
            done = true;
        }
    }

    /** Records whether the confirmation from the selected mail has an answer. Without one, the signer repeats it. */
    void setAnswered(boolean answered) {
        awaitsAnswer = !answered;
    }

    /**
     * Selects the mail whose confirmation had no answer, or the newest mail that the signer has not tried. Returns
     * false if there is none.
     */
    boolean selectMail(List<ConfirmationMail> mails) {
        if (awaitsAnswer) {
            return true;
        }
        for (int i = mails.size() - 1; i >= 0; i--) {
            if (!tried.contains(mails.get(i).confirmToken())) {
                mail = mails.get(i);
                return true;
            }
        }
        return false;
    }

    /** Excludes the selected mail from further attempts, because it was used or belongs to an earlier round. */
    void markTried() {
        tried.add(mail().confirmToken());
    }

    /** Returns the selected mail. */
    ConfirmationMail mail() {
        return Objects.requireNonNull(mail, "no mail is selected");
    }

    String lastResponse() {
        return lastResponse;
    }

    void setLastResponse(String response) {
        lastResponse = response;
    }
}
