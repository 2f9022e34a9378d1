package org.countersign.localstack;

/** A database of the stack and the role that owns it. */
public record StackDatabase(String url, String user, String password) {

    /** Omits the password. */
    @Override
    public String toString() {
        return "StackDatabase[" + url + "]";
    }
}
