package org.arrownpz.cli.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.arrownpz.internal.text.SafeText;

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
            int distance = distance(wanted, other);
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

    /** The number of letters to be put in, left out, changed, or swapped with the next. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
