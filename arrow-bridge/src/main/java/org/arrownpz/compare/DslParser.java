package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.internal.text.SafeText;

/**
 * Reads the components of a fixture: calls in Python's syntax, joined by {@code |}. Of frame-fixtures' accidents (any
 * binary operator joins, keyword arguments are ignored, names may be quoted, …) none is taken over.
 */
final class DslParser {
    private final List<DslTokens.Token> tokens;
    private int next;

    private DslParser(List<DslTokens.Token> tokens) {
        this.tokens = tokens;
    }

    /** The components by letter; of those given twice the leftmost, as frame-fixtures does. */
    static Map<String, DslComponent> parse(String text) {
        DslParser parser = new DslParser(DslTokens.of(text));
        Map<String, DslComponent> components = new LinkedHashMap<>();
        do {
            DslComponent component = parser.component();
            components.putIfAbsent(component.letter(), component);
        } while (parser.take('|'));
        DslTokens.Token rest = parser.peek();
        if (rest.kind() != DslTokens.Kind.END) {
            throw new FrameFixtureException.Syntax("expected '|' or the end but found " + found(rest), rest.at());
        }
        return components;
    }

    private DslComponent component() {
        int open = 0;
        while (take('(')) {
            open++;
        }
        DslTokens.Token name = peek();
        if (name.kind() == DslTokens.Kind.END && next == 0) {
            throw new FrameFixtureException.Syntax("no tokens found: the text is empty", name.at());
        }
        if (name.kind() != DslTokens.Kind.NAME) {
            throw new FrameFixtureException.Syntax(
                    "no support for token " + found(name) + ": expected a component such as s(2,3)", name.at());
        }
        next++;
        if (!take('(')) {
            throw new FrameFixtureException.Syntax(
                    "no support for token " + found(name) + ": a component has parentheses", name.at());
        }
        List<DslComponent.Argument> arguments = arguments();
        for (; open > 0; open--) {
            require(')');
        }
        return new DslComponent(name.text(), name.at(), arguments);
    }

    // After the opening parenthesis, up to and with the closing one.
    private List<DslComponent.Argument> arguments() {
        List<DslComponent.Argument> arguments = new ArrayList<>();
        while (!take(')')) {
            arguments.add(argument());
            if (!peek().is(')')) {
                require(',');
            }
        }
        return arguments;
    }

    private DslComponent.Argument argument() {
        DslTokens.Token token = peek();
        if (!take('(')) {
            return scalar();
        }
        List<DslComponent.Name> names = new ArrayList<>();
        boolean comma = false;
        while (!take(')')) {
            DslComponent.Argument item = scalar();
            if (!(item instanceof DslComponent.Name name)) {
                throw new FrameFixtureException.Syntax("no handling for a number in a tuple", item.at());
            }
            names.add(name);
            if (!peek().is(')')) {
                require(',');
                comma = true;
            }
        }
        // As in Python, it is the comma that makes a tuple of one.
        return names.size() == 1 && !comma ? names.get(0) : new DslComponent.Tuple(List.copyOf(names), token.at());
    }

    private DslComponent.Argument scalar() {
        DslTokens.Token token = peek();
        if (token.kind() == DslTokens.Kind.NAME || token.kind() == DslTokens.Kind.NUMBER) {
            next++;
            return token.kind() == DslTokens.Kind.NAME
                    ? new DslComponent.Name(token.text(), token.at())
                    : new DslComponent.Number(token.text(), token.at());
        }
        throw new FrameFixtureException.Syntax(
                "no handling for " + found(token) + ": expected a name, an integer or a tuple of names", token.at());
    }

    private DslTokens.Token peek() {
        return tokens.get(next);
    }

    private boolean take(char mark) {
        boolean is = peek().is(mark);
        if (is) {
            next++;
        }
        return is;
    }

    private void require(char mark) {
        if (!take(mark)) {
            throw new FrameFixtureException.Syntax("expected '" + mark + "' but found " + found(peek()), peek().at());
        }
    }

    private static String found(DslTokens.Token token) {
        return token.kind() == DslTokens.Kind.END ? "the end" : SafeText.quote(token.text());
    }
}
