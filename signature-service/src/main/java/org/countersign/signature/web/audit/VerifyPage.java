package org.countersign.signature.web.audit;

import org.countersign.transparency.LogKey;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page that checks receipts in the browser. */
@Controller
class VerifyPage {

    private final LogKey key;

    VerifyPage(LogKey key) {
        this.key = key;
    }

    @GetMapping("/verify")
    String verify(Model model) {
        model.addAttribute("key", key.toString());
        return "verify";
    }
}
