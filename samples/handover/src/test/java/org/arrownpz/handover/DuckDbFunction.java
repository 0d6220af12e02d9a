package org.arrownpz.handover;

import java.nio.DoubleBuffer;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * {@code read_npz('x.npz')} in DuckDB, for archives of float64 columns; views and joins name files so.
 *
 * <p>Copied: each value of a column that the statement names, into DuckDB's chunk of 2,048; other arrays are not read.
 * Memory: the file's mapping, which the buffers keep. Byte order: the machine's. {@code arrow-npz-sql} has all types.
 */
record DuckDbFunction(BufferAllocator allocator) implements DuckDBTableFunction<Path, DoubleBuffer[], Object> {
    @Override
    public Path bind(DuckDBTableFunctionBindInfo info) throws Exception {
        Path file = Path.of(info.getParameter(0).getString());
        try (NumpyArrays arrays = Npz.open(allocator, file)) {
            arrays.names().forEach(name -> info.addResultColumn(name, Double.class));
        }
        return file;
    }

    @Override
    public DoubleBuffer[] init(DuckDBTableFunctionInitInfo info) throws Exception {
        DoubleBuffer[] columns = new DoubleBuffer[(int) info.getColumnCount()];
        try (NumpyArrays arrays = Npz.open(allocator, info.<Path>getBindData())) {
            for (int i = 0; i < columns.length; i++) {
                int named = (int) Math.max(0, info.getColumnIndex(i));
                columns[i] = arrays.get(arrays.names().get(named)).doubleBuffer();
            }
        }
        return columns;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
        DoubleBuffer[] columns = info.getInitData();
        long rows = Math.min(chunk.capacity(), columns[0].remaining());
        for (int i = 0; i < columns.length; i++) {
            for (int row = 0; row < rows; row++) {
                chunk.vector(i).setDouble(row, columns[i].get());
            }
        }
        return rows;
    }
}
