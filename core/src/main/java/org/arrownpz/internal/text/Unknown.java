package org.arrownpz.internal.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The message for a name that is not there: the names that are, the likeliest of many first. */
public final class Unknown {
    private static final int SHOWN = 20;
    private static final int LOOKED_AT = 100_000;

    private Unknown() {}

    /** For instance {@code there is no column 'q'; there are a, b}. */
    public static IllegalArgumentException name(String what, String name, Collection<String> known) {
        return new IllegalArgumentException(
                "there is no " + what + " " + SafeText.quote(name) + "; there are " + some(name, known));
    }

    /** Some of the names: those that begin most like this one, in their own order. */
    public static String some(String name, Collection<String> known) {
        if (known.isEmpty()) {
            return "none";
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        List<String> shown = known.stream()
                .limit(LOOKED_AT)
                .sorted(Comparator.comparingInt((String other) -> -common(wanted, other.toLowerCase(Locale.ROOT))))
                .limit(SHOWN)
                .toList();
        List<String> inOrder = known.size() > SHOWN ? shown : List.copyOf(known);
        return inOrder.stream().map(SafeText::escape).collect(Collectors.joining(", "))
                + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "");
    }

    private static int common(String a, String b) {
        int end = Math.min(a.length(), b.length());
        for (int i = 0; i < end; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return i;
            }
        }
        return end;
    }
}
