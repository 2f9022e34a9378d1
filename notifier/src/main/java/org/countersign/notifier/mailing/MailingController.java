package org.countersign.notifier.mailing;

import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/mailings")
class MailingController {

    private static final int MAX_RESULTS = 100;

    private final Mailings mailings;

    MailingController(Mailings mailings) {
        this.mailings = mailings;
    }

    /** The newest mailings first, at most 100, and how far each is. */
    @GetMapping
    List<Mailings.MailingView> list(@RequestParam Optional<String> petition) {
        return mailings.list(petition, MAX_RESULTS);
    }
}
