package org.countersign.notifier.mailing;

import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists mailings, for organisers. */
@RestController
@RequestMapping("/api/mailings")
class MailingController {

    private static final int MAX_RESULTS = 100;

    private final Mailings mailings;

    MailingController(Mailings mailings) {
        this.mailings = mailings;
    }

    /** Lists the newest 100 mailings with their progress, newest first. */
    @GetMapping
    List<Mailings.MailingView> list(@RequestParam Optional<String> petition) {
        return mailings.list(petition, MAX_RESULTS);
    }
}
