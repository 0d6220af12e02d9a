package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.MappedIpcReader;
import org.arrownpz.ipc.Tables;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/** The facts on files: what is in them, and what of it is viewed or copied. No values are read where headers tell. */
final class Descriptions {
    private static final int MAX_LISTED = 1000;
    /** Dtypes of text and bytes, with the length of each. */
    private static final Pattern TEXT = Pattern.compile("[<>|=]([SUV])(\\d{1,9})");

    private static final long ALL = 1L << 40;

    private final Holdings holdings;

    Descriptions(Holdings holdings) {
        this.holdings = holdings;
    }

    /** A page of the list of files whose names begin with a prefix and hold a text. */
    ObjectNode list(Exchange exchange) throws IOException {
        String prefix = text(exchange.parameter("prefix"));
        String search = text(exchange.parameter("search")).toLowerCase(Locale.ROOT);
        List<Holdings.Listed> found = holdings.files(exchange.caller()).stream()
                .filter(file -> file.name().startsWith(prefix)
                        && file.name().toLowerCase(Locale.ROOT).contains(search))
                .toList();
        ObjectNode answer = Json.object();
        ArrayNode tables = answer.putArray("tables");
        List<Holdings.Listed> page = found.stream()
                .skip(exchange.count("offset", 0))
                .limit(Math.min(MAX_LISTED, exchange.count("limit", MAX_LISTED)))
                .toList();
        List<KnownFiles.@Nullable Facts> facts = holdings.facts(page);
        for (int i = 0; i < page.size(); i++) {
            tables.add(brief(page.get(i), facts.get(i)));
        }
        return answer.put("total", found.size());
    }

    private static String text(@Nullable String parameter) {
        return parameter == null ? "" : parameter;
    }

    private static ObjectNode brief(Holdings.Listed file, KnownFiles.@Nullable Facts facts) {
        ObjectNode entry = Json.object().put("name", file.name());
        if (facts == null) {
            // Whoever asks for it is told why.
            return entry.put("format", KnownFiles.UNREADABLE);
        }
        entry.put("format", facts.format()).put("bytes", file.seen().state().size());
        if (facts.rows() >= 0) {
            entry.put("rows", facts.rows());
        }
        return facts.columns() < 0 ? entry : entry.put("columns", facts.columns());
    }

    /** All of one file. */
    ObjectNode describe(String name, Path file) throws IOException {
        String format = Tables.format(file);
        ObjectNode answer = Json.object().put("name", name).put("format", format);
        ArrayNode columns = answer.put("bytes", Files.size(file)).putArray("columns");
        FrameSummary told = KnownFiles.NUMPY.contains(format) ? Frames.inspect(holdings.allocator(), file) : null;
        if (told != null && KnownFiles.isArrays(told)) {
            answer.put("format", KnownFiles.ARRAYS);
        } else if (format.equals("parquet")) {
            try (ArrowReader reader = Tables.open(holdings.allocator(), file)) {
                for (Field field : reader.getVectorSchemaRoot().getSchema().getFields()) {
                    column(columns, field, "-", -1, "Parquet is decoded");
                }
            }
            answer.put("rows", rows(file));
        } else {
            try (Frame frame = Tables.read(holdings.allocator(), file)) {
                answer.put("rows", frame.rowCount());
                columns(columns, told == null ? report(file) : frame.copyReport(), frame.rowCount());
            }
        }
        ArrayNode members = answer.putArray("members");
        if (told != null) {
            told.members().forEach(member -> member(members, member));
        }
        return answer;
    }

    /** Of the first batch. */
    private CopyReport report(Path file) throws IOException {
        try (MappedIpcReader reader = Ipc.open(holdings.allocator(), file)) {
            reader.loadNextBatch();
            return reader.copyReport();
        }
    }

    private static void columns(ArrayNode columns, CopyReport report, long rows) {
        for (CopyReport.Column column : report.columns()) {
            column(columns, column.field(), column.dtype(), rows, column.reason());
        }
    }

    private static void column(ArrayNode columns, Field field, String dtype, long rows, @Nullable String reason) {
        ObjectNode entry = columns.addObject()
                .put("name", field.getName())
                .put("type", field.getType().toString())
                .put("nullable", field.isNullable());
        if (!dtype.equals("-")) {
            entry.put("dtype", dtype);
        }
        long width = width(field, dtype);
        if (width > 0 && rows >= 0) {
            entry.put("bytes", rows * width);
        }
        layout(entry, reason);
    }

    /** The bytes of a value; −1 where values have no common length. */
    private static long width(Field field, String dtype) {
        Matcher text = TEXT.matcher(dtype);
        if (text.matches()) {
            return Long.parseLong(text.group(2)) * (text.group(1).equals("U") ? Integer.BYTES : 1);
        }
        List<BufferLayout> buffers = TypeLayout.getTypeLayout(field.getType()).getBufferLayouts();
        // Validity and values.
        boolean fixed = buffers.size() == 2 && buffers.get(1).getType() == BufferLayout.BufferType.DATA;
        return fixed ? Math.max(1, buffers.get(1).getTypeBitWidth() / Byte.SIZE) : -1;
    }

    private static void member(ArrayNode members, FrameSummary.Member member) {
        ObjectNode entry = members.addObject().put("name", member.name()).put("bytes", member.size());
        NpyHeader header = member.header();
        if (header != null) {
            entry.put("dtype", header.dtype().toString())
                    .put("order", header.order() == StorageOrder.FORTRAN ? "F" : "C");
            ArrayNode shape = entry.putArray("shape");
            for (long length : header.shape().lengths()) {
                shape.add(length);
            }
            layout(entry, member.copyReason());
        }
    }

    private static void layout(ObjectNode entry, @Nullable String reason) {
        entry.put("layout", reason == null ? "viewed" : "copied");
        if (reason != null) {
            entry.put("reason", reason);
        }
    }

    /** Counted in the first column. */
    private long rows(Path file) throws IOException {
        long count = 0;
        try (ArrowReader whole = Tables.open(holdings.allocator(), file)) {
            List<Field> fields = whole.getVectorSchemaRoot().getSchema().getFields();
            List<String> first =
                    fields.isEmpty() ? List.of() : List.of(fields.get(0).getName());
            try (ArrowReader reader = holdings.rows(file, first, 0, ALL)) {
                while (reader.loadNextBatch()) {
                    count += reader.getVectorSchemaRoot().getRowCount();
                }
            }
        }
        return count;
    }
}
