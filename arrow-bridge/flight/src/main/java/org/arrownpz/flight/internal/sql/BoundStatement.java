package org.arrownpz.flight.internal.sql;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.arrownpz.flight.internal.FlightFaults;
import org.jspecify.annotations.Nullable;

/**
 * A statement and the values of its parameters, as tickets and the handles of prepared statements carry them: clients
 * bring it back, so that the server keeps nothing for them.
 *
 * @param sql the statement
 * @param parameters an Arrow IPC stream of one row, or empty
 * @param java whether the result is for one of {@link JavaClient}, and has {@link JavaColumns}
 */
public record BoundStatement(String sql, byte[] parameters, boolean java) {
    private static final int MAX_PARAMETER_BYTES = 1 << 20;

    /** A statement whose parameters, where it has some, are not known. */
    public static BoundStatement of(String sql, boolean java) {
        return new BoundStatement(sql, new byte[0], java);
    }

    /**
     * Reads what {@link #bytes} made.
     *
     * @throws IllegalArgumentException when it is not that
     */
    public static BoundStatement read(ByteBuffer bytes) {
        try {
            boolean java = bytes.get() != 0;
            byte[] sql = new byte[Math.min(bytes.getInt(), bytes.remaining())];
            bytes.get(sql);
            byte[] parameters = new byte[bytes.remaining()];
            bytes.get(parameters);
            return new BoundStatement(new String(sql, StandardCharsets.UTF_8), parameters, java);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("that is no statement", e);
        }
    }

    /** The statement and its parameters. */
    public byte[] bytes() {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + text.length + parameters.length)
                .put((byte) (java ? 1 : 0))
                .putInt(text.length)
                .put(text)
                .put(parameters)
                .array();
    }

    /**
     * The same statement with the values of the one row that the reader has.
     *
     * @throws org.apache.arrow.flight.FlightRuntimeException INVALID_ARGUMENT when there is not one row, or its types are
     *     none that parameters can have
     */
    public BoundStatement with(ArrowReader rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        long count = 0;
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, rows, bytes)) {
            while (rows.loadNextBatch()) {
                count += root.getRowCount();
                if (count > 1) {
                    throw invalid("a query takes one row of parameters");
                }
                if (root.getRowCount() == 1) {
                    values(root);
                    writer.writeBatch();
                }
            }
            if (count == 0) {
                throw invalid("there is no row of parameters");
            }
            writer.end();
        }
        if (bytes.size() > MAX_PARAMETER_BYTES) {
            throw invalid("the parameters have more than " + MAX_PARAMETER_BYTES + " bytes: give them as a table");
        }
        return new BoundStatement(sql, bytes.toByteArray(), java);
    }

    /** The values of the parameters, as DuckDB takes them. */
    public List<@Nullable Object> values(BufferAllocator allocator) throws IOException {
        if (parameters.length == 0) {
            return List.of();
        }
        try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(parameters), allocator)) {
            return reader.loadNextBatch() ? values(reader.getVectorSchemaRoot()) : List.of();
        }
    }

    private static List<@Nullable Object> values(VectorSchemaRoot root) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldVector column : root.getFieldVectors()) {
            values.add(Parameters.value(column, 0));
        }
        return values;
    }

    private static RuntimeException invalid(String problem) {
        return FlightFaults.of(CallStatus.INVALID_ARGUMENT, problem);
    }
}
