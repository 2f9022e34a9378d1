package org.countersign.support.access;

import java.util.List;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.CacheControlHeadersWriter;
import org.springframework.security.web.header.writers.CompositeHeaderWriter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.HstsHeaderWriter;
import org.springframework.security.web.header.writers.XContentTypeOptionsHeaderWriter;
import org.springframework.security.web.header.writers.XXssProtectionHeaderWriter;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter.XFrameOptionsMode;

/** The security headers that API responses of all services have. */
public final class SecurityHeaders {

    private SecurityHeaders() {}

    /** Returns the headers of API responses: nothing is stored, framed, sniffed or executed. */
    public static HeaderWriter ofApi() {
        return new CompositeHeaderWriter(List.of(
                new XContentTypeOptionsHeaderWriter(),
                new XXssProtectionHeaderWriter(),
                new CacheControlHeadersWriter(),
                new HstsHeaderWriter(),
                new ContentSecurityPolicyHeaderWriter("default-src 'none'; frame-ancestors 'none'"),
                new XFrameOptionsHeaderWriter(XFrameOptionsMode.DENY)));
    }
}
