package org.countersign.signature.api;

import java.util.List;
import org.countersign.signature.application.NoticeChanges;
import org.countersign.signature.application.NoticeForm;
import org.countersign.signature.application.NoticeView;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Shows the versions of a petition's privacy notice, and changes it. */
@RestController
class NoticeController {

    private final NoticeChanges notices;

    NoticeController(NoticeChanges notices) {
        this.notices = notices;
    }

    @GetMapping("/api/petitions/{petition}/notices")
    List<NoticeView> versions(@PathVariable String petition) {
        return notices.of(petition);
    }

    @PutMapping(path = "/api/petitions/{petition}/notice", consumes = MediaType.APPLICATION_JSON_VALUE)
    NoticeView change(@PathVariable String petition, @RequestBody NoticeForm form, Authentication organiser) {
        return NoticeView.of(notices.change(petition, form, organiser.getName()));
    }
}
