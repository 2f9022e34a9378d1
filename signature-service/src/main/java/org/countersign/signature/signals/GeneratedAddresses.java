package org.countersign.signature.signals;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Judges whether a program has made the local part of an address, from its letters alone.
 *
 * <p>Names of all languages that people write in Latin letters avoid most pairs of consonants: of the 400 possible
 * pairs, a third are frequent. In random letters, four in ten pairs are rare ones. A local part looks generated if it
 * has no readable word, and
 *
 * <ul>
 *   <li>one word of it has at least three rare pairs, and they are at least a fifth of its pairs, or
 *   <li>letters and digits take turns at least four times in a word, as in hexadecimal numbers.
 * </ul>
 *
 * <p>Words are separated by dots, hyphens and underscores. A readable word has at least three letters with a vowel, and
 * fewer than three rare pairs; a number may follow. So whatever a person puts behind the own name does not count. Real
 * addresses match now and then. The result is one signal among others and holds nobody on its own.
 */
final class GeneratedAddresses {

    private static final int MIN_RARE_PAIRS = 3;
    private static final double MIN_RARE_SHARE = 0.2;
    private static final int MIN_TURNS = 4;
    private static final String VOWELS = "aeiouy";
    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");
    private static final Pattern READABLE = Pattern.compile("(?=[a-z]*[aeiouy])[a-z]{3,}[0-9]*");

    private static final Set<String> FREQUENT_PAIRS =
            Set.of(("bb bl br bs cc ch ck cl cn cr ct cz db dd dh dj dk dl dn dr ds dt dz ff fl fr fs ft "
                            + "gg gh gl gn gr hl hm hn hr hs ht kh kk kl kn kr ks kt kv lb lc ld lf lg lh lk ll lm "
                            + "ln lp lr ls lt lv mb mc md mk mm mn mp ms nc nd nf ng nh nj nk nl nn ns nt nv nz ph "
                            + "pl pp pr ps rb rc rd rf rg rh rk rl rm rn rr rs rt rv rw rz sc sh sk sl sm sp ss st "
                            + "sv sw sz th tl tm tr ts tt tw tz vl vr wh wl wn wr ws zh zw zz")
                    .split(" "));

    private GeneratedAddresses() {}

    /**
     * Judges an address.
     *
     * @param address the address as typed
     */
    static boolean looksGenerated(String address) {
        int at = address.lastIndexOf('@');
        String local = address.substring(0, Math.max(0, at)).toLowerCase(Locale.ROOT);
        int tag = local.indexOf('+');
        String name = tag > 0 ? local.substring(0, tag) : local;
        String[] words = SEPARATORS.split(name);
        return Arrays.stream(words).noneMatch(GeneratedAddresses::isReadable)
                && Arrays.stream(words).anyMatch(word -> turns(word) >= MIN_TURNS || isUnreadable(word));
    }

    private static boolean isReadable(String word) {
        return READABLE.matcher(word).matches() && !isUnreadable(word);
    }

    /** Counts the changes between letters and digits. */
    private static int turns(String word) {
        int turns = 0;
        for (int i = 1; i < word.length(); i++) {
            if (isLetter(word.charAt(i - 1)) != isLetter(word.charAt(i))) {
                turns++;
            }
        }
        return turns;
    }

    private static boolean isUnreadable(String word) {
        int pairs = 0;
        int rare = 0;
        for (int i = 1; i < word.length(); i++) {
            if (isLetter(word.charAt(i - 1)) && isLetter(word.charAt(i))) {
                pairs++;
                rare += isRare(word.charAt(i - 1), word.charAt(i)) ? 1 : 0;
            }
        }
        return rare >= MIN_RARE_PAIRS && rare >= MIN_RARE_SHARE * pairs;
    }

    private static boolean isRare(char first, char second) {
        return isConsonant(first) && isConsonant(second) && !FREQUENT_PAIRS.contains("" + first + second);
    }

    private static boolean isConsonant(char letter) {
        return VOWELS.indexOf(letter) < 0;
    }

    private static boolean isLetter(char character) {
        return character >= 'a' && character <= 'z';
    }
}
