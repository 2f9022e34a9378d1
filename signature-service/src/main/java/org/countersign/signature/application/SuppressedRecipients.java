package org.countersign.signature.application;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.RecipientKeys;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * The recipients who want no mail at all, about any petition. The table holds keyed hashes of addresses, and nothing
 * else about a person.
 */
@Service
public class SuppressedRecipients {

    private final JdbcClient database;
    private final LinkTokens tokens;
    private final RecipientKeys keys;
    private final PageLinks links;

    SuppressedRecipients(JdbcClient database, LinkTokens tokens, RecipientKeys keys, PageLinks links) {
        this.database = database;
        this.tokens = tokens;
        this.keys = keys;
        this.links = links;
    }

    /**
     * Makes the token that stops all mails to a recipient. It never expires, because the mail may be read at any time.
     *
     * @param recipient the key of the recipient
     */
    String token(UUID recipient) {
        return tokens.make(LinkPurpose.NEVER_WRITE, recipient, 0, LinkTokens.MAX_EXPIRY);
    }

    /**
     * Stops all mails to the recipient whom the token names. Repeating the call changes nothing.
     *
     * @param token from the link in the mail
     * @return the token that allows mails again
     * @throws org.countersign.signature.domain.InvalidFieldsException if the token is not one for this purpose
     * @throws Rejection if the token has expired
     */
    public String suppress(String token) {
        UUID recipient = tokens.read(LinkPurpose.NEVER_WRITE, token).subject();
        database.sql("insert into suppressed_recipient (recipient) values (?) on conflict (recipient) do nothing")
                .param(recipient)
                .update();
        return undoToken(recipient);
    }

    /**
     * Allows mails to the recipient whom the token names. Repeating the call changes nothing.
     *
     * @param token from the page that stopped them
     * @throws org.countersign.signature.domain.InvalidFieldsException if the token is not one for this purpose
     * @throws Rejection if the token has expired
     */
    public void allow(String token) {
        database.sql("delete from suppressed_recipient where recipient = ?")
                .param(tokens.read(LinkPurpose.WRITE_AGAIN, token).subject())
                .update();
    }

    /** Returns the recipients among these who want no mail. */
    Set<UUID> among(Collection<UUID> recipients) {
        return new HashSet<>(database.sql("select recipient from suppressed_recipient where recipient = any(?)")
                .param(recipients.toArray(UUID[]::new))
                .query(UUID.class)
                .list());
    }

    /**
     * Returns what the owner of an address chose, and the page that changes it. Empty if the address is of an earlier
     * release and breaks today's rules.
     */
    Optional<MyData.MailChoice> choice(String email) {
        UUID recipient;
        try {
            recipient = keys.of(EmailAddress.parse(email));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean stopped = among(Set.of(recipient)).contains(recipient);
        String link = stopped ? links.writeAgain(undoToken(recipient)) : links.neverWrite(token(recipient));
        return Optional.of(new MyData.MailChoice(stopped, link));
    }

    private String undoToken(UUID recipient) {
        return tokens.make(LinkPurpose.WRITE_AGAIN, recipient, 0, LinkTokens.MAX_EXPIRY);
    }
}
