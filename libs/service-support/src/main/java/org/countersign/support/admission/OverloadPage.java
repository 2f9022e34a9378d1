package org.countersign.support.admission;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Makes the answer for people whose request was refused because the service is overloaded. It must be cheap. */
public interface OverloadPage {

    /**
     * Returns a page in the language of the request.
     *
     * @return the HTML in UTF-8; empty for a request of a program, which gets a problem document
     */
    Optional<byte[]> html(HttpServletRequest request);
}
