package org.arrownpz.crash;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Which generation each writer began last, and which it completed last: in a mapped file, so that what a process says
 * of itself outlives its death, down to the last store.
 */
public final class Progress {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int BYTES = 4096;

    private final ByteBuffer numbers;

    private Progress(ByteBuffer numbers) {
        this.numbers = numbers;
    }

    public static Progress open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Progress(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
        }
    }

    public void begin(int writer, long generation) {
        LONG.setVolatile(numbers, 16 * writer, generation);
    }

    public void complete(int writer, long generation) {
        LONG.setVolatile(numbers, 16 * writer + 8, generation);
    }

    public long begun(int writer) {
        return (long) LONG.getVolatile(numbers, 16 * writer);
    }

    public long completed(int writer) {
        return (long) LONG.getVolatile(numbers, 16 * writer + 8);
    }
}
