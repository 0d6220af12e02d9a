package org.arrownpz.parquet.internal.text.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.SafeText;
import org.arrownpz.parquet.internal.text.type.Guess;
import org.arrownpz.parquet.internal.text.type.Kind;
import org.arrownpz.parquet.internal.text.type.Texts;
import org.jspecify.annotations.Nullable;

/** The type of all values that one place of the objects was seen to have. */
final class JsonGuess {
    private static final int DEEPEST = 64;
    private static final int MOST_MEMBERS = 1 << 20;
    private static final String ITEM = "item";

    /** The kinds that JSON itself tells apart. */
    private enum Form {
        TEXT("text"),
        NUMBER("a number"),
        BOOLEAN("a boolean"),
        LIST("a list"),
        OBJECT("an object");

        private final String label;

        Form(String label) {
            this.label = label;
        }
    }

    private final Texts texts;
    private final int depth;
    private final Guess guess = new Guess();
    private final Map<String, JsonGuess> members = new LinkedHashMap<>();
    private @Nullable JsonGuess items;
    private @Nullable Form form;
    /** Whether all texts so far may be numbers, NaN or infinite. */
    private boolean special;

    private long objects;
    private long seenIn;

    private JsonGuess(Texts texts, int depth) {
        this.texts = texts;
        this.depth = depth;
    }

    /** For the objects themselves. */
    static JsonGuess root() {
        return new JsonGuess(new Texts(), 0);
    }

    /** Takes the value in at which the parser stands, and leaves it at its end. */
    void add(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        switch (token) {
            case VALUE_NULL -> {
                // Nothing is said by it.
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                require(Form.BOOLEAN, parser);
                guess.add(Kind.BOOL, parser.getTextCharacters(), parser.getTextOffset(), 0, texts);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_STRING -> text(parser);
            case START_ARRAY -> list(parser);
            case START_OBJECT -> object(parser);
            default -> throw new FormatException(line(parser), "no value");
        }
    }

    private void number(JsonParser parser) throws IOException {
        if (form != Form.TEXT || !special) {
            require(Form.NUMBER, parser);
        }
        form = Form.NUMBER;
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int to = from + parser.getTextLength();
        guess.add(texts.kind(text, from, to), text, from, to, texts);
    }

    private void text(JsonParser parser) throws IOException {
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int to = from + parser.getTextLength();
        Kind kind = texts.kind(text, from, to);
        if (kind == Kind.SPECIAL && (form == null || form == Form.NUMBER || special)) {
            special |= form == null;
            form = form == null ? Form.TEXT : form;
            guess.add(kind, text, from, to, texts);
            return;
        }
        require(Form.TEXT, parser);
        boolean time = kind == Kind.DATE || kind == Kind.TIME || kind == Kind.TIMESTAMP;
        special = false;
        guess.add(time || kind == Kind.SPECIAL ? kind : Kind.TEXT, text, from, to, texts);
    }

    private void list(JsonParser parser) throws IOException {
        require(Form.LIST, parser);
        if (items == null) {
            items = child(parser);
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(parser);
        }
    }

    private void object(JsonParser parser) throws IOException {
        require(Form.OBJECT, parser);
        objects++;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonGuess member = members.get(name);
            if (member == null) {
                if (members.size() == MOST_MEMBERS) {
                    throw new FormatException(line(parser), "objects with more than " + MOST_MEMBERS + " names");
                }
                member = child(parser);
                members.put(name, member);
            }
            if (member.seenIn == objects) {
                throw new FormatException(line(parser), "two values of " + SafeText.quote(name) + " in one object");
            }
            member.seenIn = objects;
            parser.nextToken();
            member.add(parser);
        }
    }

    private JsonGuess child(JsonParser parser) throws FormatException {
        if (depth == DEEPEST) {
            throw new FormatException(line(parser), "lists and objects are nested deeper than " + DEEPEST);
        }
        return new JsonGuess(texts, depth + 1);
    }

    private void require(Form found, JsonParser parser) throws IOException {
        if (form == null) {
            form = found;
        } else if (form != found) {
            throw new FormatException(
                    line(parser),
                    SafeText.quote(parser.getParsingContext().pathAsPointer().toString()) + " is " + found.label
                            + ", and before it was " + form.label);
        }
    }

    private static long line(JsonParser parser) {
        return parser.currentLocation().getLineNr();
    }

    /** The fields of objects. */
    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        members.forEach((name, member) -> fields.add(member.field(name)));
        return fields;
    }

    private Field field(String name) {
        if (form == Form.LIST && items != null) {
            return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(items.field(ITEM)));
        }
        if (form == Form.OBJECT) {
            return new Field(name, FieldType.nullable(ArrowType.Struct.INSTANCE), fields());
        }
        return new Field(name, FieldType.nullable(guess.type()), null);
    }
}
