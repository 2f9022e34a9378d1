package org.countersign.signature.token;

/** What a token allows. A token for one purpose is invalid for all others. */
public enum LinkPurpose {
    /** Confirm the e-mail address. */
    VERIFY(1),
    /** Withdraw the signature. */
    WITHDRAW(2),
    /** Unsubscribe from milestone mails. */
    STOP_UPDATES(3),
    /** Read and erase the signer's data. */
    MY_DATA(4),
    /** Read the receipt of the signature. */
    RECEIPT(5),
    /** Stop the alert, for its recipient. */
    STOP_ALERT(6),
    /** Stop all mails to the recipient. */
    NEVER_WRITE(7),
    /** Allow mails to the recipient again. */
    WRITE_AGAIN(8),
    /** Become the first operator. */
    FIRST_OPERATOR(9),
    /** Accept the invitation. */
    INVITATION(10),
    /** Give the code after the password. */
    SIGN_IN_CODE(11);

    private final byte code;

    LinkPurpose(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }
}
