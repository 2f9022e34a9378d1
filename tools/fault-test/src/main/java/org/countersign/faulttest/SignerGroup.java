package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.faulttest.ReferenceModel.ExpectedSignature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Signers of one mail domain and one country at a petition, whom a fault adds. No other signer of the petition has this
 * domain or country, so that the history shows which signatures are theirs.
 */
final class SignerGroup {

    /** What must become of the sign calls. */
    enum CallFate {
        /** Each is in the log, and its signer gets the mails. */
        SIGNED,
        /** Each is held: no event, no mail. */
        HELD,
        /** Each is either signed or held, because the rules changed meanwhile. */
        EITHER
    }

    /** A signer of the group. */
    static final class GroupMember {
        private final String address;
        private final AtomicInteger requests = new AtomicInteger();
        private final Set<String> mails = new HashSet<>();
        private int mailsWithDuplicates;
        private @Nullable String confirmToken;
        private volatile long answeredNanos;
        private volatile boolean answered;
        private volatile boolean confirmed;

        private GroupMember(String address) {
            this.address = address;
        }

        String address() {
            return address;
        }

        /** Returns the token of the newest link to confirm, if there is a mail. */
        synchronized Optional<String> confirmToken() {
            return Optional.ofNullable(confirmToken);
        }

        /** Returns the number of different mails. */
        synchronized int mails() {
            return mails.size();
        }

        /** Returns whether the sign call was answered before a time of {@link System#nanoTime}. */
        boolean isAnsweredBefore(long nanos) {
            return answered && answeredNanos - nanos < 0;
        }

        void countRequest() {
            requests.incrementAndGet();
        }

        void setAnswered() {
            answeredNanos = System.nanoTime();
            answered = true;
        }

        void setConfirmed() {
            confirmed = true;
        }

        private synchronized void add(JsonNode mail) {
            mails.add(mail.path("headers").path("Message-ID").asString());
            mailsWithDuplicates++;
            Matcher link = CONFIRM_LINK.matcher(mail.path("text").asString());
            if (link.find()) {
                confirmToken = link.group(1);
            }
        }

        private synchronized int mailsWithDuplicates() {
            return mailsWithDuplicates;
        }

        private boolean hasOneMailForEachAnswer() {
            return mails() == 1 + (confirmed ? 1 : 0);
        }
    }

    private static final Pattern CONFIRM_LINK = Pattern.compile("/confirm\\?token=([\\w-]+)");

    private final String petition;
    private final String domain;
    private final String country;
    private final Map<String, GroupMember> members = new ConcurrentSkipListMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile CallFate fate;

    SignerGroup(String petition, String domain, String country, CallFate fate) {
        this.petition = petition;
        this.domain = domain;
        this.country = country;
        this.fate = fate;
    }

    String petition() {
        return petition;
    }

    String domain() {
        return domain;
    }

    String country() {
        return country;
    }

    /** Adds a signer. */
    GroupMember add() {
        GroupMember member = new GroupMember(
                "%s-%05d@%s".formatted(country.toLowerCase(Locale.ROOT), numbers.incrementAndGet(), domain));
        members.put(member.address(), member);
        return member;
    }

    /** Returns all signers in the order of their addresses. */
    List<GroupMember> members() {
        return List.copyOf(members.values());
    }

    /** Changes what must become of the sign calls, after the organiser has decided. */
    void setFate(CallFate fate) {
        this.fate = fate;
    }

    /** Returns the JSON of a sign request. */
    String form(GroupMember member) {
        return "{\"name\":\"Greta Group\",\"email\":\"" + member.address() + "\",\"country\":\"" + country + "\"}";
    }

    /** Records a mail if it is to a signer of the group. Returns whether it is. */
    boolean addMail(String address, JsonNode mail) {
        GroupMember member = members.get(address);
        if (member == null) {
            return false;
        }
        member.add(mail);
        return true;
    }

    /** Returns the number of sign requests, including those without an answer. */
    int requests() {
        return members.values().stream()
                .mapToInt(member -> member.requests.get())
                .sum();
    }

    /** Returns the number of different mails. */
    int mails() {
        return members.values().stream().mapToInt(GroupMember::mails).sum();
    }

    /** Returns the number of mails including duplicates with the same id. */
    int mailsWithDuplicates() {
        return members.values().stream()
                .mapToInt(GroupMember::mailsWithDuplicates)
                .sum();
    }

    /** Returns the number of signers who got a mail. */
    int mailed() {
        return (int)
                members.values().stream().filter(member -> member.mails() > 0).count();
    }

    /** Returns the number of signatures that the log must have. */
    int signatures() {
        return switch (fate) {
            case SIGNED -> members.size();
            case HELD -> 0;
            case EITHER -> mailed();
        };
    }

    /** Returns whether a signature is one of the group. */
    boolean has(ExpectedSignature signature) {
        return signature.petition().equals(petition) && signature.country().equals(country);
    }

    /**
     * Compares the signatures and the mails of the group.
     *
     * @param inLog the signatures of the petition
     */
    List<String> violations(Iterable<ExpectedSignature> inLog) {
        List<String> violations = new ArrayList<>();
        int signatures = 0;
        int expectedMails = 0;
        for (ExpectedSignature signature : inLog) {
            if (has(signature)) {
                signatures++;
                expectedMails += signature.mails();
            }
        }
        String whose = " of the signers at " + domain + " from " + country;
        if (signatures != signatures()) {
            violations.add("signatures" + whose + ": expected " + signatures() + ", found " + signatures);
        }
        if (mails() != expectedMails) {
            violations.add("mails" + whose + ": expected " + expectedMails + ", found " + mails());
        }
        if (fate == CallFate.SIGNED) {
            members.values().stream()
                    .filter(member -> member.requests.get() == 1 && !member.hasOneMailForEachAnswer())
                    .limit(3)
                    .forEach(member -> violations.add(member.address() + " has " + member.mails() + " mails"));
        }
        return violations;
    }
}
