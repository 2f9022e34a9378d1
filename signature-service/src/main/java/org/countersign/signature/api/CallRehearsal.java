package org.countersign.signature.api;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.Filter;
import java.util.List;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.Signing;
import org.countersign.signature.screening.AttackScreening;
import org.countersign.support.access.AccessLog;
import org.springframework.stereotype.Component;

/** Makes the filters of sign calls and confirmations for the warm-up. */
@Component
public class CallRehearsal {

    private final FastPathFilter.Answering answering;
    private final AttackScreening attacks;
    private final Erasure erasure;
    private final AccessLog accessLog;

    CallRehearsal(FastPathFilter.Answering answering, AttackScreening attacks, Erasure erasure, AccessLog accessLog) {
        this.answering = answering;
        this.attacks = attacks;
        this.erasure = erasure;
        this.accessLog = accessLog;
    }

    /** Makes the filters in their order. They record their times in a registry of their own. */
    public List<Filter> filters(Signing signing) {
        SignatureController controller = new SignatureController(signing, attacks, erasure, accessLog);
        return List.of(
                new TraceFilter(),
                new RequestTimingFilter(
                        ObservationRegistry.NOOP, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                new SignFilter(controller, answering),
                new VerifyFilter(controller, answering));
    }
}
