package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap that reading takes does not grow with the rows: no object is made per value. Counts bytes, not time. */
@ExtendWith(LeakCheck.class)
class HeapUseTest {
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;
    // Two bytes a row: the smallest object per value would take sixteen, and what the JVM links and compiles beside
    // the reading (a few hundred kilobytes, whenever it pleases) stays far below.
    private static final long SLACK = 2L * MANY;
    private static final int TRIES = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'|b1'",
                "'<i4'",
                "'>i4'",
                "'<f8'",
                "'>f8'",
                "'<c16'",
                "'>c16'",
                "'<M8[ns]'",
                "'>M8[ns]'",
                "'<M8[D]'",
                "'<M8[M]'",
                "'<M8[h]'",
                "'<m8[Y]'",
                "'<U4'",
                "'>U4'",
                "'|S5'",
                "'|V7'",
                "[('a', '<i4'), ('b', '|b1'), ('c', '<U2')]"
            })
    void readingTakesNoHeapPerRow(String descr, BufferAllocator allocator) throws Exception {
        DType dtype = DescrParser.parse(descr, ReadLimits.defaults(), Location.ofFile(null));
        ByteBuffer few = file(dtype, FEW);
        ByteBuffer many = file(dtype, MANY);
        for (TypeMapping mapping : TypeMapping.values()) {
            ReadOptions options = ReadOptions.defaults().withTypeMapping(mapping);
            long small = leastHeap(allocator, few, options);
            long large = leastHeap(allocator, many, options);
            assertThat(large - small).as("%s %s", mapping, descr).isLessThan(SLACK);
        }
    }

    private static long leastHeap(BufferAllocator allocator, ByteBuffer file, ReadOptions options) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            least = Math.min(least, heap(allocator, file, options));
        }
        return least;
    }

    private static long heap(BufferAllocator allocator, ByteBuffer file, ReadOptions options) throws Exception {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        try (Frame frame = Frames.open(allocator, file, options)) {
            assertThat(frame.root().getRowCount()).isPositive();
        }
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }

    // One random piece over and over: random values of a million rows would take longer than reading them.
    private static ByteBuffer file(DType dtype, int rows) {
        byte[] header = new RandomArrays.Array(dtype, Shape.of(rows), StorageOrder.C, new byte[0]).npy(1);
        byte[] piece = new RandomArrays(new Random(3)).elements(dtype, 1000);
        ByteBuffer file = ByteBuffer.allocateDirect(header.length + rows / 1000 * piece.length);
        file.put(header);
        for (int i = 0; i < rows; i += 1000) {
            file.put(piece);
        }
        return file.flip();
    }
}
