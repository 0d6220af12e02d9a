package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the form that the client wants. An Arrow stream and rows of JSON are sent as they are read; files, whose ends
 * say what is in them, are written to a temporary file first, so that what is sent is whole.
 */
final class Data {
    static final JsonFactory FACTORY = new JsonFactory();
    private static final int BUFFER = 1 << 16;

    private Data() {}

    /** Sends all rows of a reader, which stays the caller's. */
    static void send(Exchange exchange, Form form, ArrowReader rows, long from, LongPredicate givesUp)
            throws IOException {
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, form.mediaType);
        Reply reply = new Reply(exchange.response(), givesUp);
        IpcOptions options = IpcOptions.defaults().withCompression(compression(exchange.parameter("compression")));
        switch (form) {
            case ARROW -> Ipc.writeStream(rows, reply, options);
            case JSON_ROWS -> {
                JsonGenerator json = generator(reply);
                json.writeStartObject();
                json.writeNumberField("from", from);
                json.writeArrayFieldStart("columns");
                for (Field field : rows.getVectorSchemaRoot().getSchema().getFields()) {
                    json.writeString(field.getName());
                }
                json.writeEndArray();
                long step = Math.max(1, exchange.count("step", 1));
                json.writeNumberField("to", from + rows(rows, Long.MAX_VALUE, step, json));
                json.writeEndObject();
                json.close();
            }
            default -> file(exchange, form, rows, options, reply);
        }
    }

    /** To be closed where all went well: closing ends objects that are open, and what is not sent yet becomes an error. */
    static JsonGenerator generator(Reply reply) throws IOException {
        return FACTORY.createGenerator(new BufferedOutputStream(Channels.newOutputStream(reply), BUFFER));
    }

    private static void file(Exchange exchange, Form form, ArrowReader rows, IpcOptions options, Reply reply)
            throws IOException {
        Path folder = Files.createTempDirectory("arrow-npz-http");
        Path file = folder.resolve("rows." + form.extension);
        try {
            if (form == Form.ARROW_FILE) {
                Ipc.write(rows, file, options.withDurability(Durability.RENAME_ONLY));
            } else {
                Tables.write(rows, file, Durability.RENAME_ONLY);
            }
            try (FileChannel written = FileChannel.open(file, StandardOpenOption.READ)) {
                exchange.response().getHeaders().put(HttpHeader.CONTENT_LENGTH, written.size());
                ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
                while (written.read(piece.clear()) >= 0) {
                    reply.write(piece.flip());
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    /**
     * Writes every so many-th row.
     *
     * @return how many were read; −1 where there are more than the limit
     */
    static long rows(ArrowReader rows, long limit, long step, JsonGenerator json) throws IOException {
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        json.writeArrayFieldStart("rows");
        Cells cells = new Cells(rows, json);
        long count = 0;
        long read = 0;
        boolean more = false;
        while (!more && rows.loadNextBatch()) {
            List<FieldVector> vectors = new ArrayList<>(root.getFieldVectors());
            for (int row = 0; row < root.getRowCount() && !more; row++, read++) {
                if (read % step != 0) {
                    continue;
                }
                more = count == limit;
                if (!more) {
                    json.writeStartArray();
                    for (FieldVector vector : vectors) {
                        cells.write(vector, row);
                    }
                    json.writeEndArray();
                    count++;
                }
            }
        }
        json.writeEndArray();
        return more ? -1 : read;
    }

    private static IpcOptions.Compression compression(@Nullable String name) {
        if (name == null) {
            return IpcOptions.Compression.NONE;
        }
        try {
            return IpcOptions.Compression.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("compression is none, lz4 or zstd", e);
        }
    }
}
