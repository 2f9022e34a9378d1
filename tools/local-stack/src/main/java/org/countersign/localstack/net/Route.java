package org.countersign.localstack.net;

/** Tells through which endpoint the parts of a stack reach another one. */
@FunctionalInterface
public interface Route {

    /** Every part connects directly. */
    Route DIRECT = endpoint -> endpoint;

    /** Returns the endpoint to connect to, for example that of a proxy. Always the same for an endpoint. */
    Endpoint to(Endpoint endpoint);
}
