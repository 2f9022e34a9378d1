package org.countersign.signature.api;

import java.util.List;
import org.countersign.signature.application.MailDataReader;
import org.countersign.signature.domain.InvalidFieldsException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells the notifier, and nobody else, to whom it sends a mail. */
@RestController
class MailDataController {

    private static final int MAX_BATCH_SIZE = 1000;

    private final MailDataReader reader;

    MailDataController(MailDataReader reader) {
        this.reader = reader;
    }

    @PostMapping(path = "/internal/mail-data", consumes = MediaType.APPLICATION_JSON_VALUE)
    List<MailDataReader.MailData> mailData(@RequestBody List<MailDataReader.MailDataRequest> wanted) {
        if (wanted.size() > MAX_BATCH_SIZE) {
            throw new InvalidFieldsException(
                    "[" + MAX_BATCH_SIZE + "]", "is one too many: ask for at most " + MAX_BATCH_SIZE + " at a time");
        }
        return reader.read(wanted);
    }
}
