package org.countersign.localstack.client;

/** An error that the user of a command can correct. The message describes the problem and its solution. */
public class UserException extends RuntimeException {

    public UserException(String message) {
        super(message);
    }
}
