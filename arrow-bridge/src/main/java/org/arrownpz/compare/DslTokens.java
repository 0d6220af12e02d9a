package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.List;
import org.arrownpz.internal.text.SafeText;

/** Cuts a fixture's text into tokens, by Python's rules for blanks, comments, names and integers. */
final class DslTokens {
    /** Longer texts are none that a person wrote. */
    private static final int MAX_LENGTH = 1 << 16;

    private static final String MARKS = "(),|";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    enum Kind {
        NAME,
        NUMBER,
        MARK,
        END
    }

    /**
     * A token.
     *
     * @param text as it stands, without underscores in numbers
     * @param at its first character
     */
    record Token(Kind kind, String text, int at) {
        boolean is(char mark) {
            return kind == Kind.MARK && text.charAt(0) == mark;
        }
    }

    private DslTokens(String text) {
        this.text = text;
    }

    /** The tokens, of which the last is END. */
    static List<Token> of(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new FrameFixtureException.Syntax("the text is longer than " + MAX_LENGTH + " characters", MAX_LENGTH);
        }
        return new DslTokens(text).cut();
    }

    private List<Token> cut() {
        if (!text.isBlank() && (text.charAt(0) == ' ' || text.charAt(0) == '\t')) {
            throw new FrameFixtureException.Syntax("unexpected indent: the text begins with a blank", 0);
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\f') {
                at++;
            } else if (c == '\n' || c == '\r') {
                newline();
            } else if (c == '#') {
                comment();
            } else if (isNameStart(c)) {
                int start = at;
                while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
                    at++;
                }
                tokens.add(new Token(Kind.NAME, text.substring(start, at), start));
            } else if (isDigit(c)) {
                number();
            } else if (MARKS.indexOf(c) >= 0) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                tokens.add(new Token(Kind.MARK, String.valueOf(c), at++));
            } else {
                throw unexpected(c);
            }
        }
        tokens.add(new Token(Kind.END, "", at));
        return tokens;
    }

    // Outside of parentheses a line's end is the statement's, and there is only one.
    private void newline() {
        int start = at;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (depth <= 0 && !tokens.isEmpty() && at < text.length() && text.charAt(at) != '#') {
            throw new FrameFixtureException.Syntax("no tokens found: the text is more than one statement", start);
        }
    }

    private void comment() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void number() {
        int start = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || isNameStart(text.charAt(at)))) {
            at++;
        }
        String digits = text.substring(start, at);
        if (!isDecimal(digits)) {
            throw new FrameFixtureException.Syntax(
                    "expected a decimal integer but found " + SafeText.quote(digits), start);
        }
        tokens.add(new Token(Kind.NUMBER, digits.replace("_", ""), start));
    }

    // As Python: underscores single and between digits, no zero in front of others.
    private static boolean isDecimal(String digits) {
        boolean zeros = true;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            boolean between = c == '_' && i + 1 < digits.length() && isDigit(digits.charAt(i + 1));
            if (!isDigit(c) && !between) {
                return false;
            }
            zeros &= c == '0' || c == '_';
        }
        return zeros || digits.charAt(0) != '0';
    }

    private FrameFixtureException unexpected(char c) {
        String found = SafeText.quote(String.valueOf(c));
        return switch (c) {
            case '-', '[', '{', '.', '=', '"', '\'' ->
                new FrameFixtureException.Syntax(
                        "no handling for " + found + ": arguments are names, integers and tuples", at);
            case '+', '*', '&', '^', '/', '@', '%' ->
                new FrameFixtureException.Syntax("components are joined by '|', not by " + found, at);
            case ';' -> new FrameFixtureException.Syntax("no tokens found: the text is more than one statement", at);
            default -> new FrameFixtureException.Syntax("unexpected character " + found, at);
        };
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
