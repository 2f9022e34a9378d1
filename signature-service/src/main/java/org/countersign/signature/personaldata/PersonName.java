package org.countersign.signature.personaldata;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates the name of a signer: letters and marks of any script, spaces, apostrophes, hyphens and full stops. A name
 * can therefore hold no link, no amount of money and no telephone number.
 */
public final class PersonName {

    private static final int MAX_LENGTH = 120;
    private static final Pattern SPACES = Pattern.compile("\\p{Zs}+");
    /** Initials such as J.R.R. are names. Longer parts on both sides of a full stop are a domain. */
    private static final Pattern DOMAIN = Pattern.compile(
            "[\\p{L}\\p{M}-]{2,}\\.[\\p{L}\\p{M}-]*[\\p{L}\\p{M}-]{2}|\\bwww\\.", Pattern.CASE_INSENSITIVE);

    private PersonName() {}

    /**
     * Validates a name and strips white space around it. A typographic apostrophe becomes a plain one.
     *
     * @throws IllegalArgumentException if it is missing, too long, or has other characters
     */
    public static String parse(@Nullable String text) {
        String line = PlainText.line(text, MAX_LENGTH).replace('\u2019', '\'');
        String name = SPACES.matcher(line).replaceAll(" ");
        if (!name.codePoints().allMatch(PersonName::isNameCharacter)
                || name.codePoints().noneMatch(Character::isLetter)) {
            throw new IllegalArgumentException("must have only letters, spaces, apostrophes, hyphens and full stops");
        }
        if (name.indexOf('.') >= 0 && DOMAIN.matcher(name).find()) {
            throw new IllegalArgumentException("must be a name, without a link; write a space after a full stop");
        }
        return name;
    }

    private static boolean isNameCharacter(int character) {
        return Character.isLetter(character) || isMark(character) || " '.-".indexOf(character) >= 0;
    }

    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }
}
