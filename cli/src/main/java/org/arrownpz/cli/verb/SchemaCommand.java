package org.arrownpz.cli.verb;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.DictionaryUtility;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.cell.TypeName.TypeText;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.look.ArrayLook;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the Arrow schema. */
@Command(
        name = "schema",
        description =
                "Prints the Arrow schema that a file is read as, index levels first; of arrays that are no table, each.",
        footer = {"", "Example: arrow-npz schema -F json prices.npz"})
public final class SchemaCommand extends FrameVerb {
    private static final int METADATA_LENGTH = 200;

    /** The form of a printed schema. */
    enum Form {
        /** A line per field, and its metadata. */
        ARROW,
        /** Arrow's JSON form, on one line. */
        JSON
    }

    @Option(
            names = {"-F", "--format"},
            paramLabel = "FORM",
            defaultValue = "arrow",
            description = "arrow (a line per field) or json (Arrow's own JSON form); default: ${DEFAULT-VALUE}.")
    Form form = Form.ARROW;

    @Option(names = "--json", description = "The same as -F json.")
    boolean json;

    public SchemaCommand(Console console) {
        super(console);
    }

    @Override
    void print(Frame frame) throws IOException {
        Schema schema = frame.schema();
        DictionaryProvider dictionaries = frame.dictionaries();
        if (json || form == Form.JSON) {
            JsonMapper mapper = new JsonMapper();
            try (JsonGenerator generator = JsonLines.generator(console.out())) {
                mapper.writeTree(
                        generator, mapper.readTree(stated(schema, dictionaries).toJson()));
                generator.writeRaw('\n');
            }
        } else {
            screen().print(lines(schema, dictionaries));
        }
    }

    @Override
    boolean takesArrays() {
        return true;
    }

    @Override
    void print(ArraySet arrays, @Nullable String path) throws IOException {
        new ArrayLook(arrays, screen(), json, path).printShapes(json || form == Form.JSON);
    }

    /** The schema as files state it: with the types of dictionaries' values. */
    private static Schema stated(Schema schema, DictionaryProvider dictionaries) {
        return new Schema(
                schema.getFields().stream()
                        .map(field -> DictionaryUtility.toMessageFormat(field, dictionaries, new HashSet<>()))
                        .toList(),
                schema.getCustomMetadata());
    }

    private String lines(Schema schema, DictionaryProvider dictionaries) {
        StringBuilder text = new StringBuilder();
        for (Field field : schema.getFields()) {
            append(text, field, dictionaries, "");
        }
        appendMetadata(text, schema.getCustomMetadata(), "");
        return text.toString();
    }

    private void append(StringBuilder text, Field field, DictionaryProvider dictionaries, String indent) {
        Field values = TypeText.values(field, dictionaries);
        text.append(indent).append(SafeText.escape(field.getName())).append(": ");
        text.append(Ink.CYAN.on(screen(), SafeText.escape(values.getType().toString())));
        text.append(TypeText.suffix(field)).append('\n');
        appendMetadata(text, field.getMetadata(), indent + "  ");
        for (Field child : values.getChildren()) {
            append(text, child, dictionaries, indent + "  ");
        }
    }

    private void appendMetadata(StringBuilder text, Map<String, String> metadata, String indent) {
        new TreeMap<>(metadata)
                .forEach((key, value) -> text.append(indent)
                        .append(Ink.DIM.on(
                                screen(),
                                "-- " + SafeText.escape(key) + " = " + SafeText.escape(value, METADATA_LENGTH)))
                        .append('\n'));
    }
}
