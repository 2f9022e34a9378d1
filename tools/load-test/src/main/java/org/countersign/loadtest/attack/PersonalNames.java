package org.countersign.loadtest.attack;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** Invents names and the local parts of addresses that people derive from their names. */
final class PersonalNames {

    private static final String[] GIVEN = {
        "Ada", "Amir", "Ana", "Anton", "Bea", "Carlo", "Chidi", "Clara", "Dana", "Emil", "Esra", "Farah", "Georg",
                "Hana",
        "Ida", "Ivan", "Jana", "Jonas", "Kofi", "Lena", "Luca", "Mara", "Milan", "Nadia", "Noor", "Olga", "Omar",
                "Paula",
        "Ravi", "Rosa", "Samir", "Sofia", "Tariq", "Tessa", "Uma", "Viktor", "Wanda", "Yusuf", "Zoe", "Zora"
    };
    private static final String[] FAMILY = {
        "Adler", "Baker", "Bauer", "Castro", "Conti", "Diaz", "Dubois", "Ekman", "Farouk", "Fischer", "Garcia",
                "Haddad",
        "Hansen", "Ito", "Jansen", "Kaya", "Keller", "Kim", "Kowalski", "Lang", "Lopez", "Mbeki", "Meyer", "Moreau",
        "Nagy", "Novak", "Okafor", "Olsen", "Patel", "Petrov", "Reed", "Rossi", "Sato", "Silva", "Singh", "Torres",
        "Vidal", "Weber", "Yilmaz", "Zhang"
    };
    private static final int LETTERS = 26;

    private PersonalNames() {}

    static String name(RandomGenerator random) {
        return pick(GIVEN, random) + " " + pick(FAMILY, random);
    }

    /** Returns a local part as people choose it. The number keeps it apart from the others of a run. */
    static String localPart(String name, int number, RandomGenerator random) {
        String[] parts = name.toLowerCase(Locale.ROOT).split(" ");
        String given = parts[0];
        String family = parts[1];
        return switch (random.nextInt(5)) {
            case 0 -> given + "." + family + number;
            case 1 -> given.charAt(0) + "." + family + number;
            case 2 -> family + given.charAt(0) + number;
            case 3 -> given + number;
            default -> given + "_" + family + number;
        };
    }

    /** Returns letters as a program makes them. The number keeps them apart from the others of a run. */
    static String letters(int count, int number, RandomGenerator random) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + random.nextInt(LETTERS)));
        }
        return letters.append(Integer.toString(number, 36)).toString();
    }

    static String pick(String[] values, RandomGenerator random) {
        return values[random.nextInt(values.length)];
    }
}
