package org.arrownpz.parquet.internal.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;

/** Cells of strings and binaries, through one growing array. */
final class BytesCell {
    private final boolean text;
    private byte[] bytes = new byte[64];

    private BytesCell(boolean text) {
        this.text = text;
    }

    static Cell of(BaseVariableWidthVector vector, boolean text) {
        BytesCell cell = new BytesCell(text);
        return (row, sink) -> {
            long start = vector.getOffsetBuffer().getInt(row * 4L);
            cell.write(vector.getDataBuffer(), start, vector.getOffsetBuffer().getInt(row * 4L + 4) - start, sink);
        };
    }

    static Cell of(BaseLargeVariableWidthVector vector, boolean text) {
        BytesCell cell = new BytesCell(text);
        return (row, sink) -> {
            long start = vector.getOffsetBuffer().getLong(row * 8L);
            cell.write(vector.getDataBuffer(), start, vector.getOffsetBuffer().getLong(row * 8L + 8) - start, sink);
        };
    }

    static Cell of(BaseVariableWidthViewVector vector, boolean text) {
        BytesCell cell = new BytesCell(text);
        return (row, sink) -> {
            long view = row * 16L;
            int length = vector.getDataBuffer().getInt(view);
            if (length <= 12) {
                cell.write(vector.getDataBuffer(), view + 4, length, sink);
            } else {
                ArrowBuf data =
                        vector.getDataBuffers().get(vector.getDataBuffer().getInt(view + 8));
                cell.write(data, vector.getDataBuffer().getInt(view + 12), length, sink);
            }
        };
    }

    static Cell ofFixed(ArrowBuf data, int width) {
        BytesCell cell = new BytesCell(false);
        return (row, sink) -> cell.write(data, (long) row * width, width, sink);
    }

    private void write(ArrowBuf data, long start, long length, CellSink sink) throws IOException {
        int size = Math.toIntExact(length);
        if (size > bytes.length) {
            bytes = new byte[Math.max(size, bytes.length * 2)];
        }
        data.getBytes(start, bytes, 0, size);
        if (!text) {
            sink.binary(bytes, size);
        } else if (isAscii(size)) {
            sink.ascii(bytes, size);
        } else {
            sink.text(new String(bytes, 0, size, StandardCharsets.UTF_8));
        }
    }

    private boolean isAscii(int size) {
        for (int i = 0; i < size; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
