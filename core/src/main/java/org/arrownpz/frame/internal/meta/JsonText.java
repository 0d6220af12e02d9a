package org.arrownpz.frame.internal.meta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.internal.python.PyFloat;
import org.arrownpz.internal.text.JsonTree;

/** Reads JSON from files strictly, and writes it as Python's {@code json.dumps} does. */
public final class JsonText {
    private static final int MAX_NUMBER_LENGTH = 1000;

    private JsonText() {}

    /**
     * The one document in the bytes: strict UTF-8 (a byte order mark is allowed), no duplicate keys, bounded nesting,
     * nothing behind it. NaN and Infinity are read, as Python writes them.
     *
     * @throws NpzException META_JSON
     */
    public static JsonNode parse(byte[] bytes, ReadLimits limits, Location location) throws NpzException {
        String text = decode(bytes, location);
        try (JsonParser parser = parsers(limits).createParser(text)) {
            JsonNode node = JsonTree.read(parser);
            if (node == null) {
                throw location.fault(ErrorCode.META_JSON, "the metadata are empty");
            }
            JsonToken next = parser.nextToken();
            if (next != null) {
                throw location.error(ErrorCode.META_JSON, "something follows the JSON document")
                        .at(parser.currentTokenLocation().getCharOffset())
                        .build();
            }
            return node;
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw location.fault(
                    ErrorCode.META_JSON, "the metadata are no JSON: " + SafeText.escape(String.valueOf(firstLine(e))));
        }
    }

    private static String firstLine(IOException e) {
        String message = e instanceof com.fasterxml.jackson.core.JsonProcessingException json
                ? json.getOriginalMessage()
                : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static JsonFactory parsers(ReadLimits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.jsonNesting())
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxStringLength((int) limits.metadataBytes())
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Names from files do not belong in the JVM's table of strings.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
    }

    private static String decode(byte[] bytes, Location location) throws NpzException {
        int start = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF
                ? 3
                : 0;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw location.fault(ErrorCode.META_JSON, "the metadata are not UTF-8 text");
        }
    }

    /** The node as Python's {@code json.dumps} spells it: one line, {@code ", "} and {@code ": "}, ASCII only. */
    public static String dumps(JsonNode node) {
        StringBuilder out = new StringBuilder();
        append(out, node);
        return out.toString();
    }

    private static void append(StringBuilder out, JsonNode node) {
        if (node.isObject()) {
            out.append('{');
            Iterator<Map.Entry<String, JsonNode>> fields = node.fields();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                quote(out, field.getKey());
                out.append(": ");
                append(out, field.getValue());
                out.append(fields.hasNext() ? ", " : "");
            }
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            for (int i = 0; i < node.size(); i++) {
                out.append(i == 0 ? "" : ", ");
                append(out, node.get(i));
            }
            out.append(']');
        } else if (node.isTextual()) {
            quote(out, node.textValue());
        } else if (node.isFloatingPointNumber()) {
            out.append(number(node.doubleValue()));
        } else {
            out.append(node.asText());
        }
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        return PyFloat.repr(value);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            switch (unit) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (unit >= ' ' && unit < 0x7F) {
                        out.append(unit);
                    } else {
                        out.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            out.append(Character.forDigit(unit >> shift & 15, 16));
                        }
                    }
                }
            }
        }
        out.append('"');
    }
}
