package org.arrownpz.damage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Headers of NPY files that are nearly right: spelled in unusual ways, or wrong in one place. */
final class HeaderMutants {
    private final Dice dice;

    HeaderMutants(Dice dice) {
        this.dice = dice;
    }

    /** @param odds what is wrong is so once in so many times */
    String descr(int odds) {
        String descr = dice.in(6)
                ? record(0, odds)
                : quoted(dice.in(odds) ? dice.any(Spellings.ODD_SCALARS) : dice.any(Spellings.SCALARS));
        if (dice.in(odds * 4)) {
            descr = dice.any(
                    "None", "4", "('<i4', (2,))", "b'<i4'", "{'names': ['a'], 'formats': ['<i4']}", "[]", "()");
        }
        return descr;
    }

    String text(String descr, int[] lengths, int odds) {
        String shape = dice.in(odds) ? dice.any(Spellings.ODD_SHAPES) : shape(lengths);
        String order = dice.in(odds) ? dice.any(Spellings.ODD_ORDERS) : dice.any("True", "False");
        List<String> entries = new ArrayList<>(List.of(
                quoted("descr") + colon() + descr,
                quoted("fortran_order") + colon() + order,
                quoted("shape") + colon() + shape));
        if (dice.in(2)) {
            Collections.shuffle(entries, dice.random());
        }
        if (dice.in(odds * 2)) {
            entries.add(dice.any("'extra': 1", "'descr': '<i4'", "b'shape': (3,)", "'shape': (2,)", "None: 1", "**{}"));
        }
        if (dice.in(odds * 3)) {
            entries.remove(dice.below(entries.size()));
        }
        String comma = "," + blank();
        String text = "{" + blank() + String.join(comma, entries) + (dice.in(2) ? "," + blank() : "") + "}";
        if (dice.in(odds * 2)) {
            text = dice.any(" ", "\n", "", "(", "\t", "# c\n", "\ufeff", "+")
                    + text
                    + dice.any("", " ", ")", ",", ";", "#", "\0", "}");
        }
        if (dice.in(odds)) {
            text = edited(text);
        }
        return text;
    }

    // Spelled as NumPy does it, or not.
    private String quoted(String text) {
        String quote = dice.in(5) ? "\"" : "'";
        String prefix = dice.in(40) ? dice.any("u", "U", "b", "r", "f", "rb") : "";
        return dice.in(60) ? "'''" + text + "'''" : prefix + quote + text + quote;
    }

    private String blank() {
        return dice.in(5)
                ? dice.any("", "  ", "\n", "\t", " \n ", "\r\n", "\f", "\u000b", "\u00a0")
                : dice.in(2) ? " " : "";
    }

    private String colon() {
        return dice.in(30) ? " : " : dice.in(4) ? ":" : ": ";
    }

    private String shape(int[] lengths) {
        StringBuilder text = new StringBuilder("(");
        for (int length : lengths) {
            text.append(length)
                    .append(dice.in(30) ? "L" : "")
                    .append(dice.in(10) ? " ," : ",")
                    .append(dice.in(2) ? " " : "");
        }
        boolean strip = lengths.length > 1 && dice.in(2);
        return (strip ? text.toString().stripTrailing().replaceAll(",$", "") : text.toString()) + ")";
    }

    private String record(int depth, int odds) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i <= dice.below(3); i++) {
            String name = dice.in(odds) ? dice.any(Spellings.FIELD_NAMES) : "abc".substring(i, i + 1);
            String type = depth < 2 && dice.in(6)
                    ? record(depth + 1, odds)
                    : quoted(dice.in(odds) ? dice.any(Spellings.ODD_SCALARS) : dice.any(Spellings.SCALARS));
            String title = dice.in(15) ? "('title" + i + "', " + quoted(name) + ")" : quoted(name);
            String inner = dice.in(6)
                    ? ", "
                            + (dice.in(odds)
                                    ? dice.any(Spellings.ODD_SHAPES)
                                    : dice.any("(2,)", "(1, 2)", "(0,)", "()", "3"))
                    : "";
            fields.add(dice.in(10) ? "('', '|V" + dice.below(4) + "')" : "(" + title + ", " + type + inner + ")");
        }
        return "[" + String.join(", ", fields) + (dice.in(8) ? "," : "") + "]";
    }

    private String edited(String text) {
        StringBuilder edited = new StringBuilder(text);
        for (int i = dice.below(2); i >= 0; i--) {
            int at = dice.below(edited.length());
            switch (dice.below(4)) {
                case 0 -> edited.deleteCharAt(at);
                case 1 -> edited.insert(at, edited.charAt(dice.below(edited.length())));
                case 2 ->
                    edited.insert(
                            at, dice.any(" ", "\n", "#", "\\", "'", "\"", "L", "0", "(", ")", "-", "é", "\0", "\r"));
                default -> edited.setCharAt(at, edited.charAt(dice.below(edited.length())));
            }
        }
        return edited.toString();
    }
}
