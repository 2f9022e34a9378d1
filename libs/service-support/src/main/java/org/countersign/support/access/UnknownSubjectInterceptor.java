package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Answers calls of accounts about what does not exist for them. The answer comes from the exception handlers of the
 * call's controller, so that it equals that to a call about what does not exist at all.
 */
class UnknownSubjectInterceptor implements HandlerInterceptor {

    /** The attribute of a request with the exception to throw. */
    static final String ANSWER = UnknownSubjectInterceptor.class.getName() + ".answer";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getAttribute(ANSWER) instanceof RuntimeException answer) {
            // The page of the error is rendered without handlers.
            request.removeAttribute(ANSWER);
            throw answer;
        }
        return true;
    }
}
