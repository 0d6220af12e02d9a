package org.arrownpz.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The conversions, over {@link #BYTES} of input that lie in cache; the floor is a {@code memcpy} of as many bytes. Gigabytes
 * per second are {@link #BYTES} by the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx1g"})
public class KernelBenchmark {
    /** Input of every kernel. */
    static final int BYTES = 256 << 10;

    private static final int TEXT_UNITS = 8;
    private static final int SHORT_UNITS = 4;
    private static final int TEXT_ROWS = BYTES / (4 * TEXT_UNITS);
    private static final int UTF8_ROWS = BYTES / TEXT_UNITS;

    private BufferAllocator allocator;
    private ArrowBuf times;
    private ArrowBuf bools;
    private ArrowBuf utf32;
    private ArrowBuf utf8;
    private ArrowBuf accented;
    private ArrowBuf utf8Offsets;
    private ArrowBuf target;
    private ArrowBuf offsets;

    @Setup(Level.Trial)
    public void prepare() {
        allocator = new RootAllocator();
        times = allocator.buffer(BYTES);
        bools = allocator.buffer(BYTES);
        utf32 = allocator.buffer(BYTES);
        utf8 = allocator.buffer(BYTES);
        accented = allocator.buffer(BYTES);
        utf8Offsets = allocator.buffer((UTF8_ROWS + 1) * 4L);
        target = allocator.buffer(BYTES * 5L);
        offsets = allocator.buffer((UTF8_ROWS + 1) * 4L);
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
        if (hasNat()
                || validAscii() >= 0
                || validAccented() >= 0
                || decodeText() != BYTES / 4
                || decodeShortText() != BYTES / 4
                || longestText() != TEXT_UNITS) {
            throw new IllegalStateException("a kernel does not do its work");
        }
    }

    @TearDown(Level.Trial)
    public void tidyUp() {
        for (ArrowBuf buffer : new ArrowBuf[] {times, bools, utf32, utf8, accented, utf8Offsets, target, offsets}) {
            buffer.close();
        }
        allocator.close();
    }

    /** The floor of all. */
    @Benchmark
    public long floorMemcpy() {
        Raw.copy(times.memoryAddress(), target.memoryAddress(), BYTES);
        return target.getLong(0);
    }

    /** Reading: one-byte bools to bits. */
    @Benchmark
    public long packBits() {
        PackBits.pack(bools, 0, target, 0, BYTES);
        return target.getLong(0);
    }

    /** Reading: is there a NaT. */
    @Benchmark
    public boolean hasNat() {
        return NatScan.contains(times, 0, BYTES / 8);
    }

    /** Reading: big-endian 8-byte values. */
    @Benchmark
    public long swapBytes() {
        SwapBytes.swap(times, 0, target, 0, BYTES, 8);
        return target.getLong(0);
    }

    /** Reading: big-endian 2-byte values. */
    @Benchmark
    public long swapPairs() {
        SwapBytes.swap(times, 0, target, 0, BYTES, 2);
        return target.getLong(0);
    }

    /** Reading: ASCII text of four characters from UTF-32 to UTF-8. Returns the bytes of UTF-8. */
    @Benchmark
    public long decodeShortText() {
        DecodeText decoder = new DecodeText(utf32, 0, SHORT_UNITS, false);
        decoder.step(BYTES / 4 / SHORT_UNITS, offsets, target);
        return decoder.position();
    }

    /** Reading: ASCII text of eight characters from UTF-32 to UTF-8. Returns the bytes of UTF-8. */
    @Benchmark
    public long decodeText() {
        DecodeText decoder = new DecodeText(utf32, 0, TEXT_UNITS, false);
        decoder.step(TEXT_ROWS, offsets, target);
        return decoder.position();
    }

    /** Verifying: UTF-8 that is all ASCII. */
    @Benchmark
    public long validAscii() {
        return Utf8.firstInvalid(utf8Offsets, 4, utf8, null, UTF8_ROWS);
    }

    /** Verifying: texts of eight bytes with one letter beyond ASCII in each. */
    @Benchmark
    public long validAccented() {
        return Utf8.firstInvalid(utf8Offsets, 4, accented, null, UTF8_ROWS);
    }

    /** Writing: bits to one-byte bools (time by the bytes written). */
    @Benchmark
    public long unpackBits() {
        EncodeBits.toBytes(times, 0, BYTES, target, 0, 1);
        return target.getLong(0);
    }

    /** Writing: values that lie together. */
    @Benchmark
    public long copyFixed() {
        EncodeFixed.copy(times, 0, 8, BYTES / 8, target, 0, 8);
        return target.getLong(0);
    }

    /** Writing: big-endian values. */
    @Benchmark
    public long encodeSwapped() {
        EncodeFixed.swap(times, 0, 8, BYTES / 8, target, 0, 8);
        return target.getLong(0);
    }

    /** Writing: is a time the same as NaT. */
    @Benchmark
    public boolean encodeHasNat() {
        return EncodeTime.hasNat(times, null, BYTES / 8);
    }

    /** Writing: the longest text of ASCII text of eight characters. */
    @Benchmark
    public long longestText() {
        return EncodeText.measure(utf8Offsets, utf8, null, UTF8_ROWS, false, true)
                .longest();
    }

    /** Writing: UTF-8 to UTF-32 (time by the bytes read). */
    @Benchmark
    public long encodeText() {
        EncodeText.putUtf32(
                utf8Offsets, utf8, null, 0, UTF8_ROWS, false, TEXT_UNITS, false, target, 0, TEXT_UNITS * 4L);
        return target.getLong(0);
    }
}
