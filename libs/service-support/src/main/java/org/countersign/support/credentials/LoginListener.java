package org.countersign.support.credentials;

/** Receives the outcome of each check of a password. Cached checks are not reported. */
public interface LoginListener {

    /**
     * A password was right.
     *
     * @param user the user
     * @param address the client's address
     */
    void accepted(String user, String address);

    /**
     * A password was wrong, or the user is unknown.
     *
     * @param user the given name without characters that could harm a log, at most 32
     * @param address the client's address
     */
    void rejected(String user, String address);
}
