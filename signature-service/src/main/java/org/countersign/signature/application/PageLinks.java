package org.countersign.signature.application;

import org.countersign.events.PetitionSlug;
import org.countersign.signature.token.LinkTokens;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The addresses of the pages that mails link to. */
@Component
class PageLinks {

    private final String publicUrl;

    PageLinks(@Value("${countersign.public-url}") String publicUrl) {
        this.publicUrl = publicUrl;
    }

    String petition(PetitionSlug petition) {
        return publicUrl + "/petitions/" + petition;
    }

    String confirm(String token) {
        return withToken("/confirm", token);
    }

    String withdraw(String token) {
        return withToken("/withdraw", token);
    }

    String unsubscribe(String token) {
        return withToken("/unsubscribe", token);
    }

    String invitation(String token) {
        return withToken("/invitation", token);
    }

    String stopAlert(String token) {
        return withToken("/stop-alert", token);
    }

    String myData(String token) {
        return withToken("/my-data", token);
    }

    String neverWrite(String token) {
        return withToken("/never-write", token);
    }

    String writeAgain(String token) {
        return withToken("/write-again", token);
    }

    String receipt(String token) {
        return withToken("/api/signatures/receipt", token);
    }

    /** Tokens of {@link LinkTokens} are Base64 for URLs and need no encoding. */
    private String withToken(String path, String token) {
        return publicUrl + path + "?token=" + token;
    }
}
