package org.arrownpz.cli.console;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.arrownpz.SafeText;
import org.jline.utils.Levenshtein;

/** Suggests words that a misspelt one may have meant. */
public final class Likely {
    private static final int MOST = 3;
    private static final int MAX_LENGTH = 100;
    private static final int MAX_WORDS = 10_000;

    private Likely() {}

    /**
     * {@code ; did you mean 'close'?} with the nearest of these words, three at most, or nothing where more than a third
     * of the letters of each are wrong.
     */
    public static String hint(String word, Collection<String> known) {
        String wanted = fold(word);
        int worst = Math.max(1, wanted.length() / 3);
        if (wanted.isEmpty() || wanted.length() > MAX_LENGTH) {
            return "";
        }
        Map.Entry<Integer, List<String>> near = known.stream()
                .limit(MAX_WORDS)
                .filter(other -> Math.abs(fold(other).length() - wanted.length()) <= worst)
                .collect(Collectors.groupingBy(
                        other -> Levenshtein.distance(wanted, fold(other)), TreeMap::new, Collectors.toList()))
                .firstEntry();
        return near == null || near.getKey() > worst
                ? ""
                : near.getValue().stream()
                        .limit(MOST)
                        .map(SafeText::quote)
                        .collect(Collectors.joining(" or ", "; did you mean ", "?"));
    }

    /** That there is no thing of a name, what may have been meant, and what there is. */
    public static UsageException missing(String what, String name, Collection<String> known) {
        String hint = hint(name, known);
        return new UsageException("there is no " + what + " " + SafeText.quote(name) + hint
                + (hint.isEmpty() ? "; there are " : " There are ") + SafeText.some(name, known));
    }

    private static String fold(String word) {
        return word.strip().toLowerCase(Locale.ROOT);
    }
}
