package org.arrownpz.cli.cell;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/** Generators of newline-delimited JSON. */
public final class JsonLines {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final CharacterEscapes ESCAPES = new ControlCharacters();

    private JsonLines() {}

    /** Escapes those control characters, too, that JSON allows and a terminal obeys: DEL and C1. */
    private static final class ControlCharacters extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        private final int[] ascii = standardAsciiEscapesForJSON();

        ControlCharacters() {
            ascii[0x7f] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            boolean control = character >= 0x80 && character < 0xa0;
            return control ? new SerializedString("\\u00" + Integer.toHexString(character)) : null;
        }
    }

    /** A generator that leaves the stream open and puts nothing between values: callers write the line ends. */
    public static JsonGenerator generator(OutputStream out) throws IOException {
        JsonGenerator generator = FACTORY.createGenerator(out, JsonEncoding.UTF8);
        generator.setCharacterEscapes(ESCAPES);
        generator.setPrettyPrinter(new MinimalPrettyPrinter(""));
        return generator;
    }

    /** Writes an object and a line end to the stream. */
    public static void print(JsonObject object, OutputStream out) throws IOException {
        try (JsonGenerator generator = generator(out)) {
            object.writeTo(generator);
            generator.writeRaw('\n');
        }
    }

    /** A cell as JSON. */
    public static String text(Cell cell, int row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = generator(bytes)) {
            cell.write(row, new JsonSink(generator));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
