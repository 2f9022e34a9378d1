package org.countersign.signature.token;

/** What a token allows. One made for one purpose is worth nothing for another. */
public enum LinkPurpose {
    /** To confirm the e-mail address. */
    VERIFY(1),
    /** To take the signature back. */
    WITHDRAW(2),
    /** To get no more mail about milestones. */
    STOP_UPDATES(3),
    /** To see what is held about the signer, and to erase it. */
    MY_DATA(4),
    /** To get the signature's receipt. */
    RECEIPT(5),
    /** For who is told of milestones because the organiser wants so: to be told of none any more. */
    STOP_ALERT(6);

    private final byte code;

    LinkPurpose(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }
}
