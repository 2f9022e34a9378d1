package org.countersign.signature.api;

import java.util.List;
import java.util.Optional;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailDataRequest;
import org.countersign.signature.application.MailDataReader;
import org.countersign.signature.domain.InvalidFieldsException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells the notifier, and nobody else, to whom it sends a mail. */
@RestController
class MailDataController {

    private final MailDataReader reader;

    MailDataController(MailDataReader reader) {
        this.reader = reader;
    }

    @PostMapping(path = MailDataRequest.PATH, consumes = MediaType.APPLICATION_JSON_VALUE)
    List<Optional<MailData>> mailData(@RequestBody List<MailDataRequest> wanted) {
        if (wanted.size() > MailDataRequest.MAX_BATCH_SIZE) {
            throw new InvalidFieldsException(
                    "[" + MailDataRequest.MAX_BATCH_SIZE + "]",
                    "is one too many: ask for at most " + MailDataRequest.MAX_BATCH_SIZE + " at a time");
        }
        return reader.read(wanted);
    }
}
