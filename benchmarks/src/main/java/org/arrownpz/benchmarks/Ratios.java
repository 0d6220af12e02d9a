package org.arrownpz.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;

/**
 * Ratios to the floor, on any machine: floor, this library and others take turns within one process, so that other work
 * of the machine slows all of them alike, and medians are compared. The methods are those that JMH runs.
 *
 * <p>Arguments: names of the parts to run ({@code open block write ipc kernels pack}, or {@code wideipc} for
 * the half of {@code ipc} with 10,000 columns), all but the last when there are none.
 */
public final class Ratios {
    private static final long WARM_UP_EACH = 1_500_000_000L;
    private static final long MEASURE_EACH = 3_000_000_000L;
    private static final int LEAST_TURNS = 12;
    private static final int ROUNDS = 50;

    private static long checksum;

    private Ratios() {}

    /** One call of a benchmark. */
    interface Call {
        Object run() throws Exception;
    }

    private record Entry(String name, Call call) {}

    public static void main(String[] arguments) throws Exception {
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

    private static void open(String form) throws Exception {
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

    private static void block(String form) throws Exception {
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

    private static void write(String form) throws Exception {
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

    private static void ipc(String form) throws Exception {
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

    private static void kernels() throws Exception {
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

    private static void pack(int columns) throws Exception {
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

    /** Lets the calls take turns and prints a line for each; the first is the floor. */
    private static void compare(String what, Entry... entries) throws Exception {
        Rounds rounds = new Rounds(ROUNDS, MEASURE_EACH, LEAST_TURNS, WARM_UP_EACH);
        List<Measurement> times = new ArrayList<>();
        for (Entry entry : entries) {
            // Without a use of their results, the compiler might leave calls out.
            rounds.add(
                    entry.name,
                    () -> checksum = checksum * 31 + entry.call.run().hashCode(),
                    times::add);
        }
        rounds.run(text -> {});
        for (int i = 0; i < entries.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %-24s %12.1f %12.1f %8.2f%n",
                    what,
                    entries[i].name,
                    times.get(i).median() / 1e3,
                    times.get(i).best() / 1e3,
                    times.get(i).over(times.get(0)));
        }
        System.out.printf("%-28s checksum %x%n", "", checksum);
    }
}
