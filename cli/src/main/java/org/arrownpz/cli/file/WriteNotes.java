package org.arrownpz.cli.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.WriteReport.Column;
import org.arrownpz.vector.WriteReport.Stored;

/** Names the values that NumPy and StaticFrame do not see as they are, on standard error: a line for each kind. */
public final class WriteNotes {
    private static final int MAX_PATH = 4096;
    private static final int MAX_LIST = 1000;
    private static final String META = "__meta__.json";

    private final List<String> hidden = new ArrayList<>();
    private final List<String> filled = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();

    private WriteNotes(WriteReport report) {
        for (Column column : report.columns()) {
            if (column.stored() == Stored.BUFFERS) {
                hidden.add(column.name());
            } else if (column.nullCount() > 0
                    && column.fill() != null
                    && !column.fill().equals("NaT")) {
                filled.add(
                        String.format(Locale.ROOT, "%s (%d as %s)", column.name(), column.nullCount(), column.fill()));
            }
            if (column.note() != null) {
                changed.add(column.name() + " (" + column.dtype() + ": " + column.note() + ")");
            }
        }
    }

    private WriteNotes(Schema schema, JsonNode columns) {
        for (JsonNode column : columns) {
            int place = column.path("column").asInt(-1);
            if (place >= 0 && place < schema.getFields().size()) {
                String name = schema.getFields().get(place).getName();
                (column.has("validity") ? filled : hidden).add(name);
            }
        }
        for (Field field : schema.getFields()) {
            boolean zoned = field.getType() instanceof ArrowType.Timestamp time && time.getTimezone() != null;
            if (zoned && !hidden.contains(field.getName())) {
                changed.add(field.getName() + " (no zone)");
            }
        }
    }

    /** Tells what the report of a file knows. */
    static void say(String target, WriteReport report, Console console) {
        String file = SafeText.escape(target, MAX_PATH) + ": ";
        new WriteNotes(report).lines(file).forEach(console::say);
        report.notes().forEach(note -> console.say(file + note));
    }

    /** The same lines of a file that is there, as its metadata tell them; none of what is no frame. */
    public static List<String> of(BufferAllocator allocator, String name, ReadOptions options) throws IOException {
        Path path = Urls.path(name);
        FrameSummary told = Frames.inspect(allocator, path, options);
        boolean frame = told.kind() == FrameSummary.Kind.FRAME;
        if (!frame || told.members().stream().noneMatch(member -> member.name().startsWith("__arrow_"))) {
            return List.of();
        }
        byte[] meta;
        if (Files.isDirectory(path)) {
            meta = Files.readAllBytes(path.resolve(META));
        } else {
            try (NpzFile file = NpzFile.openLazily(allocator, path, options)) {
                meta = file.bytes(META, options.limits().metadataBytes());
            }
        }
        JsonNode columns = new JsonMapper().readTree(meta).path("__arrow__").path("columns");
        return new WriteNotes(told.schema(), columns).lines(SafeText.escape(name, MAX_PATH) + ": ");
    }

    private List<String> lines(String file) {
        List<String> lines = new ArrayList<>();
        add(file + "NumPy and StaticFrame will not see ", hidden, lines);
        add(file + "NumPy and StaticFrame will see values for nulls of ", filled, lines);
        add(file + "NumPy and StaticFrame will see another type of ", changed, lines);
        return lines;
    }

    private static void add(String what, List<String> columns, List<String> lines) {
        if (!columns.isEmpty()) {
            lines.add(what
                    + (columns.size() == 1 ? "column " : columns.size() + " columns: ")
                    + SafeText.escape(String.join(", ", columns), MAX_LIST));
        }
    }
}
