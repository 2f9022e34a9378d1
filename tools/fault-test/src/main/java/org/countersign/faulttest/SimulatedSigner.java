package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Somebody who signs, and all that they were answered. */
final class SimulatedSigner {

    /** What people do, one thing after the other. */
    enum Step {
        SIGN,
        SIGN_IN_OTHER_LETTERS,
        CONFIRM,
        CONFIRM_AGAIN,
        WITHDRAW,
        WITHDRAW_AGAIN,
        SIGN_ANEW
    }

    /** The links of a mail that asks to confirm. */
    record Letter(String confirmToken, String withdrawToken) {

        /** Tokens open what is a person's own: not shown. */
        @Override
        public String toString() {
            return "Letter[…]";
        }
    }

    private static final List<String> COUNTRIES = List.of("AM", "DE", "FR", "GB", "NL");

    private final String petition;
    private final String address;
    private final String country;
    private final Iterator<Step> steps;
    private Step step;
    private volatile boolean done;
    private int signingsAsked;
    private int rounds;
    private int confirmations;
    private int withdrawals;
    private final Set<String> tried = new HashSet<>();
    private Letter letter;
    private String signature;
    private String status = "none";
    private String lastAnswer = "";

    SimulatedSigner(String petition, int number, Random random) {
        this.petition = petition;
        this.address = "person-" + number + "@faults.example";
        this.country = COUNTRIES.get(random.nextInt(COUNTRIES.size()));
        this.steps = life(random).iterator();
        this.step = steps.next();
    }

    private static List<Step> life(Random random) {
        List<Step> life = new ArrayList<>(List.of(Step.SIGN));
        if (random.nextInt(6) == 0) {
            life.add(Step.SIGN_IN_OTHER_LETTERS);
        }
        if (random.nextInt(5) > 0) {
            life.add(Step.CONFIRM);
            if (random.nextInt(5) == 0) {
                life.add(Step.CONFIRM_AGAIN);
            }
            if (random.nextInt(5) == 0) {
                life.add(Step.WITHDRAW);
                if (random.nextInt(3) == 0) {
                    life.add(Step.WITHDRAW_AGAIN);
                }
                if (random.nextInt(3) == 0) {
                    life.addAll(List.of(Step.SIGN_ANEW, Step.CONFIRM));
                }
            }
        }
        return life;
    }

    String petition() {
        return petition;
    }

    String address() {
        return address;
    }

    Step step() {
        return step;
    }

    /** Whether nothing is left to do. */
    boolean isDone() {
        return done;
    }

    /** The signature's id, as the answer to confirming says it; null for who has not confirmed. */
    String signature() {
        return signature;
    }

    /** How many sign calls were made, answered or not. */
    int signingsAsked() {
        return signingsAsked;
    }

    /** How often they began to sign: once, and once more after withdrawing. */
    int rounds() {
        return rounds;
    }

    /** Where the signature must stand, by the answers. */
    String status() {
        return status;
    }

    /** How many rounds were confirmed. */
    int confirmations() {
        return confirmations;
    }

    int withdrawals() {
        return withdrawals;
    }

    /** The JSON of the sign call. */
    String form() {
        String typed = step == Step.SIGN_IN_OTHER_LETTERS ? address.toUpperCase(Locale.ROOT) : address;
        return "{\"name\":\"Fay Fault\",\"email\":\"" + typed + "\",\"country\":\"" + country + "\"}";
    }

    void asksToSign() {
        signingsAsked++;
    }

    void signed() {
        if (step != Step.SIGN_IN_OTHER_LETTERS) {
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

    void withdrew() {
        withdrawals++;
        status = "withdrawn";
        next();
    }

    /** Goes on to the next step. */
    void next() {
        if (steps.hasNext()) {
            step = steps.next();
        } else {
            done = true;
        }
    }

    /** Takes the newest mail that was not tried yet; false if there is none. */
    boolean takes(List<Letter> letters) {
        for (int i = letters.size() - 1; i >= 0; i--) {
            if (!tried.contains(letters.get(i).confirmToken())) {
                letter = letters.get(i);
                return true;
            }
        }
        return false;
    }

    /** The mail in hand did what it should, or was one from an earlier round: it is not tried again. */
    void putsAway() {
        tried.add(letter.confirmToken());
    }

    Letter letter() {
        return letter;
    }

    String lastAnswer() {
        return lastAnswer;
    }

    void remember(String answer) {
        lastAnswer = answer;
    }
}
