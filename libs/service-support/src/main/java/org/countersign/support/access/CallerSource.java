package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** A way to authenticate besides HTTP Basic. */
public interface CallerSource {

    /**
     * Returns the caller of a request, or nothing if it has no valid credentials of this kind. Runs before the check of
     * HTTP Basic.
     *
     * @param request the request, whose rule is not public
     */
    Optional<Caller> find(HttpServletRequest request);
}
