package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The least that finding the arrays of a stored NPZ takes: map the file, follow the end record and the directory to the
 * local headers, and read data type and length off each array's header text. It checks nothing, knows no names and
 * makes no vectors; no reader of the format can do less.
 */
final class FloorReader implements AutoCloseable {
    private static final int END_LENGTH = 22;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;

    private final MappedByteBuffer mapping;
    private final long base;
    /** Address and bytes of each array's data. */
    final long[] addresses;

    final long[] lengths;
    private int arrays;

    FloorReader(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
        mapping.order(ByteOrder.LITTLE_ENDIAN);
        base = Raw.address(mapping);
        int end = mapping.capacity() - END_LENGTH;
        int members = mapping.getShort(end + 10) & 0xffff;
        addresses = new long[members];
        lengths = new long[members];
        int record = mapping.getInt(end + 16);
        for (int member = 0; member < members; member++) {
            int local = mapping.getInt(record + 42);
            int data = local
                    + LOCAL_LENGTH
                    + (mapping.getShort(local + 26) & 0xffff)
                    + (mapping.getShort(local + 28) & 0xffff);
            if (mapping.get(data) == (byte) 0x93) {
                array(data);
            }
            record += CENTRAL_LENGTH
                    + (mapping.getShort(record + 28) & 0xffff)
                    + (mapping.getShort(record + 30) & 0xffff)
                    + (mapping.getShort(record + 32) & 0xffff);
        }
    }

    private void array(int start) {
        int text = start + 10;
        int end = text + (mapping.getShort(start + 8) & 0xffff);
        // {"descr":"<f8","fortran_order":True,"shape":(125000,)}
        long elements = 1;
        long itemSize = 0;
        int at = text;
        while (mapping.get(at) != ',') {
            byte c = mapping.get(at++);
            itemSize = c >= '0' && c <= '9' ? itemSize * 10 + c - '0' : itemSize;
        }
        while (mapping.get(at) != '(') {
            at++;
        }
        long length = -1;
        for (at++; at < end; at++) {
            byte c = mapping.get(at);
            if (c >= '0' && c <= '9') {
                length = Math.max(0, length) * 10 + c - '0';
            } else if (length >= 0) {
                elements *= length;
                length = -1;
            }
            if (c == ')') {
                break;
            }
        }
        addresses[arrays] = base + end;
        lengths[arrays++] = elements * itemSize;
    }

    /** The number of arrays; the first is that of the column labels. */
    int arrays() {
        return arrays;
    }

    /** Sums the values of all arrays but the labels. */
    long sum() {
        long sum = 0;
        for (int i = 1; i < arrays; i++) {
            sum += Raw.sum(addresses[i], lengths[i]);
        }
        return sum;
    }

    @Override
    public void close() {
        Raw.unmap(mapping);
    }
}
