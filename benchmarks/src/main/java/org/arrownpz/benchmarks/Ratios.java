package org.arrownpz.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The ratios that count, measured on any machine: floor, we and the peers take turns within one process, so that what
 * else the machine does meets all of them, and medians are compared. The methods are those that JMH runs.
 *
 * <p>Arguments: names of the parts to run ({@code open block write ipc kernels pack}, or {@code wideipc} for
 * the half of {@code ipc} with 10,000 columns), all but the last when there are none.
 */
public final class Ratios {
    private static final long WARM_UP_EACH = 1_500_000_000L;
    private static final long MEASURE = 4_000_000_000L;
    private static final int LEAST_TURNS = 12;
    /** A turn repeats short calls, so that a peer that sweeps the caches costs the next call only. */
    private static final long TURN = 5_000_000L;

    private Ratios() {}

    /** One call of a benchmark. */
    interface Call {
        Object run() throws IOException;
    }

    private record Entry(String name, Call call) {}

    public static void main(String[] arguments) throws IOException {
        List<String> parts = arguments.length == 0
                ? List.of("open", "block", "write", "ipc", "kernels", "pack")
                : List.of(arguments);
        System.out.printf(
                "JDK %s, %s processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        System.out.printf("%-28s %-24s %12s %12s %8s%n", "case", "call", "median us", "best us", "x floor");
        if (parts.contains("open")) {
            open("100x125000");
            open("10000x100");
        }
        if (parts.contains("block")) {
            block("100x10000");
            block("100x100000");
            block("10000x1000");
        }
        if (parts.contains("write")) {
            write("100x125000 block");
            write("10000x100 block");
            write("10000x100 arrays");
            write("10x100 block");
        }
        if (parts.contains("ipc")) {
            ipc("100x1000000 stock");
            ipc("100x1000000 ours");
        }
        if (parts.contains("ipc") || parts.contains("wideipc")) {
            ipc("10000x100 stock");
            ipc("10000x100 ours");
        }
        if (parts.contains("kernels")) {
            kernels();
        }
        if (parts.contains("pack")) {
            pack(1);
            pack(3);
            pack(30);
        }
    }

    private static void open(String form) throws IOException {
        OpenBenchmark benchmark = new OpenBenchmark();
        benchmark.form = form;
        benchmark.prepare();
        compare(
                "open " + form + " ready",
                new Entry("floor", benchmark::floorReady),
                new Entry("Frames.open", benchmark::openReady),
                new Entry("ArrowFileReader", benchmark::arrowFileReaderReady));
        compare(
                "open " + form + " touch",
                new Entry("floor", benchmark::floorTouch),
                new Entry("Frames.open", benchmark::openTouch),
                new Entry("ArrowFileReader", benchmark::arrowFileReaderTouch));
        benchmark.tidyUp();
    }

    private static void block(String form) throws IOException {
        BlockBenchmark benchmark = new BlockBenchmark();
        benchmark.form = form;
        benchmark.prepare();
        compare(
                "C block " + form,
                new Entry("memcpy", benchmark::floorMemcpy),
                new Entry("memcpy, warm target", benchmark::floorWarmMemcpy),
                new Entry("open, map, memcpy", benchmark::floorOpenMapMemcpy),
                new Entry("all columns", benchmark::columns),
                new Entry("one column", benchmark::oneSelectedColumn),
                new Entry("tensor", benchmark::tensor));
        benchmark.tidyUp();
    }

    private static void write(String form) throws IOException {
        WriteBenchmark benchmark = new WriteBenchmark();
        benchmark.form = form;
        benchmark.prepare();
        compare(
                "write " + form,
                new Entry("floor", benchmark::floorChecksumAndWrite),
                new Entry("Frames.write", benchmark::write),
                new Entry("ArrowFileWriter", benchmark::arrowFileWriter));
        benchmark.tidyUp();
    }

    private static void ipc(String form) throws IOException {
        IpcBenchmark benchmark = new IpcBenchmark();
        benchmark.form = form;
        benchmark.prepare();
        compare(
                "ipc " + form + " ready",
                new Entry("map, unmap", benchmark::floorReady),
                new Entry("Arrow objects alone", benchmark::floorObjectsReady),
                new Entry("Ipc.open", benchmark::mappedReady),
                new Entry("ArrowFileReader", benchmark::arrowFileReaderReady),
                new Entry("dataset", benchmark::datasetReady),
                new Entry("dataset ?use_mmap", benchmark::datasetMmapReady));
        compare(
                "ipc " + form + " touch",
                new Entry("map and touch", benchmark::floorTouch),
                new Entry("Arrow objects and touch", benchmark::floorObjectsTouch),
                new Entry("Ipc.open", benchmark::mappedTouch),
                new Entry("ArrowFileReader", benchmark::arrowFileReaderTouch),
                new Entry("dataset", benchmark::datasetTouch),
                new Entry("dataset ?use_mmap", benchmark::datasetMmapTouch));
        benchmark.tidyUp();
    }

    private static void kernels() throws IOException {
        KernelBenchmark benchmark = new KernelBenchmark();
        benchmark.prepare();
        compare(
                "kernel, " + (KernelBenchmark.BYTES >> 10) + " KiB",
                new Entry("memcpy", benchmark::floorMemcpy),
                new Entry("bool to bits", benchmark::packBits),
                new Entry("NaT scan", benchmark::hasNat),
                new Entry("swap 8 bytes", benchmark::swapBytes),
                new Entry("swap 2 bytes", benchmark::swapPairs),
                new Entry("UTF-32 to UTF-8, 8 chars", benchmark::decodeText),
                new Entry("UTF-32 to UTF-8, 4 chars", benchmark::decodeShortText),
                new Entry("verify: UTF-8, ASCII", benchmark::validAscii),
                new Entry("verify: UTF-8, accents", benchmark::validAccented),
                new Entry("write: bits to bool", benchmark::unpackBits),
                new Entry("write: copy", benchmark::copyFixed),
                new Entry("write: swap", benchmark::encodeSwapped),
                new Entry("write: NaT scan", benchmark::encodeHasNat),
                new Entry("write: longest text", benchmark::longestText),
                new Entry("write: UTF-8 to UTF-32", benchmark::encodeText));
        benchmark.tidyUp();
    }

    private static void pack(int columns) throws IOException {
        PackBenchmark benchmark = new PackBenchmark();
        benchmark.columns = columns;
        benchmark.open();
        compare(
                "pack " + columns + " of 1e6 rows",
                new Entry("key scan", benchmark::scanKey),
                new Entry("sorted, checked", benchmark::packSorted),
                new Entry("in runs", benchmark::packRuns),
                new Entry("unpacked in place", benchmark::unpackInPlace));
        compare(
                "pack " + columns + ", shuffled",
                new Entry("key scan", benchmark::scanKey),
                new Entry("sorted and copied", benchmark::packShuffled),
                new Entry("DuckDB list()", benchmark::duckDbList));
        benchmark.close();
    }

    /** Runs the calls in turn and prints a line for each; the first is the floor. */
    static void compare(String what, Entry... entries) throws IOException {
        List<List<Long>> times = new ArrayList<>();
        long checksum = 0;
        for (Entry entry : entries) {
            times.add(new ArrayList<>());
            long end = System.nanoTime() + WARM_UP_EACH;
            do {
                checksum = checksum * 31 + entry.call.run().hashCode();
            } while (System.nanoTime() < end);
        }
        long end = System.nanoTime() + MEASURE;
        for (int turn = 0; turn < LEAST_TURNS || System.nanoTime() < end; turn++) {
            for (int i = 0; i < entries.length; i++) {
                long start = System.nanoTime();
                long before = start;
                do {
                    checksum = checksum * 31 + entries[i].call.run().hashCode();
                    long now = System.nanoTime();
                    times.get(i).add(now - before);
                    before = now;
                } while (before - start < TURN);
            }
        }
        double floor = 0;
        for (int i = 0; i < entries.length; i++) {
            long[] sorted =
                    times.get(i).stream().mapToLong(Long::longValue).sorted().toArray();
            double median = sorted[sorted.length / 2] / 1e3;
            floor = i == 0 ? median : floor;
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %-24s %12.1f %12.1f %8.2f%n",
                    what,
                    entries[i].name,
                    median,
                    Arrays.stream(sorted).min().orElse(0) / 1e3,
                    median / floor);
        }
        System.out.printf("%-28s checksum %x%n", "", checksum);
    }
}
