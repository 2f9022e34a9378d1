package org.countersign.localstack.client;

/** Something the person at the keyboard can mend: the message says what and how. */
public class UserException extends RuntimeException {

    public UserException(String message) {
        super(message);
    }
}
