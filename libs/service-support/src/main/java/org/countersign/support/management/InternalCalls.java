package org.countersign.support.management;

import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Calls between the services. A bean of this type is served on the management port only, and only to callers that send
 * the {@link InternalSecret}. All paths begin with {@link #PREFIX}.
 */
public interface InternalCalls {

    /** The beginning of all paths of internal calls. */
    String PREFIX = "/internal/";

    /** Returns the calls and their handlers. */
    RouterFunction<ServerResponse> routes();
}
