package org.countersign.signature.personaldata;

/** Shortens an address so that an organiser can compare addresses and can write to none. */
public final class MaskedAddress {

    private MaskedAddress() {}

    /** Returns for example {@code m…@p….example} for {@code maria@pool.example}. */
    public static String of(String address) {
        int at = address.lastIndexOf('@');
        int dot = address.lastIndexOf('.');
        if (at < 1 || dot < at) {
            return "…";
        }
        return first(address, 0) + "…@" + first(address, at + 1) + "…" + address.substring(dot);
    }

    private static String first(String text, int at) {
        return text.substring(at, text.offsetByCodePoints(at, 1));
    }
}
