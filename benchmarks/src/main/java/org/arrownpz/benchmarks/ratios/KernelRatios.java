package org.arrownpz.benchmarks.ratios;

import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.vector.internal.kernel.DecodeText;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.arrownpz.vector.internal.kernel.EncodeText;
import org.arrownpz.vector.internal.kernel.EncodeTime;
import org.arrownpz.vector.internal.kernel.NatScan;
import org.arrownpz.vector.internal.kernel.PackBits;
import org.arrownpz.vector.internal.kernel.SwapBytes;
import org.arrownpz.vector.internal.kernel.Utf8;

/**
 * The conversions, over {@link #BYTES} of input that lie in cache; the floor is a {@code memcpy} of as many bytes. Gigabytes
 * per second are {@link #BYTES} by the time.
 */
final class KernelRatios implements Ratios.Subject {
    /** Input of every kernel. */
    private static final int BYTES = 256 << 10;

    private static final int TEXT_UNITS = 8;
    private static final int SHORT_UNITS = 4;
    private static final int UTF8_ROWS = BYTES / TEXT_UNITS;

    private final BufferAllocator allocator = new RootAllocator();
    private final ArrowBuf times = allocator.buffer(BYTES);
    private final ArrowBuf bools = allocator.buffer(BYTES);
    private final ArrowBuf utf32 = allocator.buffer(BYTES);
    private final ArrowBuf utf8 = allocator.buffer(BYTES);
    private final ArrowBuf accented = allocator.buffer(BYTES);
    private final ArrowBuf utf8Offsets = allocator.buffer((UTF8_ROWS + 1) * 4L);
    private final ArrowBuf target = allocator.buffer(BYTES * 5L);
    private final ArrowBuf offsets = allocator.buffer((UTF8_ROWS + 1) * 4L);

    KernelRatios() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < BYTES; i++) {
            bools.setByte(i, random.nextInt(2));
            utf8.setByte(i, 'a' + random.nextInt(26));
        }
        for (int i = 0; i < BYTES; i += 8) {
            times.setLong(i, random.nextLong(1L << 60));
        }
        for (int i = 0; i < BYTES; i += 4) {
            utf32.setInt(i, 'a' + random.nextInt(26));
        }
        accented.setBytes(0, utf8, 0, BYTES);
        for (int i = 0; i < BYTES; i += TEXT_UNITS) {
            int letter = i + random.nextInt(TEXT_UNITS - 1);
            accented.setBytes(letter, new byte[] {(byte) 0xc3, (byte) 0xa9});
        }
        for (int i = 0; i <= UTF8_ROWS; i++) {
            utf8Offsets.setInt(i * 4L, i * TEXT_UNITS);
        }
        // The kernels' results are checked by the tests of core; here, that they run over what they should.
        if (NatScan.contains(times, 0, BYTES / 8)
                || Utf8.firstInvalid(utf8Offsets, 4, utf8, null, UTF8_ROWS) >= 0
                || Utf8.firstInvalid(utf8Offsets, 4, accented, null, UTF8_ROWS) >= 0
                || decode(TEXT_UNITS) != BYTES / 4
                || decode(SHORT_UNITS) != BYTES / 4
                || longestText() != TEXT_UNITS) {
            throw new IllegalStateException("a kernel does not do its work");
        }
    }

    @Override
    public void compare() throws Exception {
        Ratios.turns("kernel, " + (BYTES >> 10) + " KiB")
                .floor("memcpy", () -> Raw.copy(times.memoryAddress(), target.memoryAddress(), BYTES))
                .add("bool to bits", () -> PackBits.pack(bools, 0, target, 0, BYTES))
                .add("NaT scan", () -> NatScan.contains(times, 0, BYTES / 8))
                .add("swap 8 bytes", () -> SwapBytes.swap(times, 0, target, 0, BYTES, 8))
                .add("swap 2 bytes", () -> SwapBytes.swap(times, 0, target, 0, BYTES, 2))
                .add("UTF-32 to UTF-8, 8 chars", () -> decode(TEXT_UNITS))
                .add("UTF-32 to UTF-8, 4 chars", () -> decode(SHORT_UNITS))
                .add("verify: UTF-8, ASCII", () -> Utf8.firstInvalid(utf8Offsets, 4, utf8, null, UTF8_ROWS))
                .add("verify: UTF-8, accents", () -> Utf8.firstInvalid(utf8Offsets, 4, accented, null, UTF8_ROWS))
                .add("write: bits to bool", () -> EncodeBits.toBytes(times, 0, BYTES, target, 0, 1))
                .add("write: copy", () -> EncodeFixed.copy(times, 0, 8, BYTES / 8, target, 0, 8))
                .add("write: swap", () -> EncodeFixed.swap(times, 0, 8, BYTES / 8, target, 0, 8))
                .add("write: NaT scan", () -> EncodeTime.hasNat(times, null, BYTES / 8))
                .add("write: longest text", this::longestText)
                .add(
                        "write: UTF-8 to UTF-32",
                        () -> EncodeText.putUtf32(
                                utf8Offsets,
                                utf8,
                                null,
                                0,
                                UTF8_ROWS,
                                false,
                                TEXT_UNITS,
                                false,
                                target,
                                0,
                                TEXT_UNITS * 4L))
                .run();
    }

    /** ASCII text of so many characters from UTF-32 to UTF-8. Returns the bytes of UTF-8. */
    private long decode(int units) {
        DecodeText decoder = new DecodeText(utf32, 0, units, false);
        decoder.step(BYTES / 4 / units, offsets, target);
        return decoder.position();
    }

    private long longestText() {
        return EncodeText.measure(utf8Offsets, utf8, null, UTF8_ROWS, false, true)
                .longest();
    }

    @Override
    public void close() {
        for (ArrowBuf buffer : new ArrowBuf[] {times, bools, utf32, utf8, accented, utf8Offsets, target, offsets}) {
            buffer.close();
        }
        allocator.close();
    }
}
