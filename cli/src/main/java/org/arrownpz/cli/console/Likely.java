package org.arrownpz.cli.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.arrownpz.internal.text.SafeText;
import org.jline.utils.Levenshtein;

/** Suggests words that a misspelt one may have meant. */
public final class Likely {
    private static final int MOST = 3;
    private static final int MAX_LENGTH = 100;
    private static final int MAX_LIST = 1000;
    private static final int MAX_WORDS = 10_000;

    private Likely() {}

    /** {@code ; did you mean 'close'?}, or nothing where no word is near. */
    public static String hint(String word, Collection<String> known) {
        List<String> near = words(word, known);
        return near.isEmpty()
                ? ""
                : "; did you mean "
                        + String.join(" or ", near.stream().map(SafeText::quote).toList()) + "?";
    }

    /** That there is no thing of a name, what may have been meant, and what there is. */
    public static UsageException missing(String what, String name, Collection<String> known) {
        String hint = hint(name, known);
        return new UsageException("there is no " + what + " " + SafeText.quote(name) + hint
                + (hint.isEmpty() ? "; there are " : " There are ")
                + SafeText.escape(known.isEmpty() ? "none" : String.join(", ", known), MAX_LIST));
    }

    /** The nearest of these words, three at most: those with the fewest letters wrong, a third of them at most. */
    public static List<String> words(String word, Collection<String> known) {
        String wanted = fold(word);
        if (wanted.isEmpty() || wanted.length() > MAX_LENGTH) {
            return List.of();
        }
        int best = Math.max(1, wanted.length() / 3);
        List<String> near = List.of();
        for (String candidate : known.stream().limit(MAX_WORDS).toList()) {
            String other = fold(candidate);
            if (Math.abs(other.length() - wanted.length()) > best) {
                continue;
            }
            int distance = Levenshtein.distance(wanted, other);
            if (distance < best || near.isEmpty() && distance == best) {
                best = distance;
                near = List.of(candidate);
            } else if (distance == best && near.size() < MOST) {
                near = new ArrayList<>(near);
                near.add(candidate);
            }
        }
        return near;
    }

    private static String fold(String word) {
        return word.strip().toLowerCase(Locale.ROOT);
    }
}
