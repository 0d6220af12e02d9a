package org.arrownpz.cli.cell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.arrownpz.support.ValueBytes;

/** Cells of strings and binaries, through one growing array. */
final class BytesCell {
    private final boolean text;
    private byte[] bytes = new byte[64];

    private BytesCell(boolean text) {
        this.text = text;
    }

    static Cell of(ValueBytes values, boolean text) {
        BytesCell cell = new BytesCell(text);
        return (row, sink) -> cell.write(values.at(row), sink);
    }

    private void write(ValueBytes value, CellSink sink) throws IOException {
        int size = Math.toIntExact(value.length());
        if (size > bytes.length) {
            bytes = new byte[Math.max(size, bytes.length * 2)];
        }
        value.buffer().getBytes(value.start(), bytes, 0, size);
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
