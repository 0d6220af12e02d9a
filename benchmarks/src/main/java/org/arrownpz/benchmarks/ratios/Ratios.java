package org.arrownpz.benchmarks.ratios;

import java.util.List;
import org.arrownpz.benchmarks.Turns;
import org.arrownpz.compare.Rounds;

/**
 * Ratios to the floor, on any machine: floor, this library and others take turns within one process, so that other work
 * of the machine slows all of them alike, and medians are compared.
 *
 * <p>Arguments: names of the parts to run ({@code open block write ipc kernels pack}, or {@code wideipc} for
 * the half of {@code ipc} with 10,000 columns), all but the last when there are none.
 */
public final class Ratios {
    private static final long WARM_UP_EACH = 1_500_000_000L;
    private static final long MEASURE_EACH = 3_000_000_000L;
    private static final int LEAST_TURNS = 12;
    private static final int ROUNDS = 50;

    private Ratios() {}

    /** The calls of one form of data, which end with it. */
    interface Subject extends AutoCloseable {
        void compare() throws Exception;
    }

    /** Makes the data of a form. */
    private interface Making {
        Subject of(String form) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Turns.printHeader("");
        List<String> all = List.of("open", "block", "write", "ipc", "convert", "pack");
        for (String part : arguments.length == 0 ? all : List.of(arguments)) {
            switch (part) {
                case "open" -> run(OpenRatios::new, "100x125000", "10000x100");
                case "block" -> run(BlockRatios::new, "100x10000", "100x100000", "10000x1000");
                case "write" ->
                    run(WriteRatios::new, "100x125000 block", "10000x100 block", "10000x100 arrays", "10x100 block");
                case "ipc" ->
                    run(IpcRatios::new, "100x1000000 stock", "100x1000000 ours", "10000x100 stock", "10000x100 ours");
                case "wideipc" -> run(IpcRatios::new, "10000x100 stock", "10000x100 ours");
                case "convert" -> run(ConversionRatios::new, "|b1", "<M8[us]", ">f8", ">i2", "<U8", "<U4");
                case "pack" -> run(columns -> new PackRatios(Integer.parseInt(columns)), "1", "3", "30");
                default -> throw new IllegalArgumentException("there is no part " + part + ", only " + all);
            }
        }
    }

    private static void run(Making making, String... forms) throws Exception {
        for (String form : forms) {
            try (Subject subject = making.of(form)) {
                subject.compare();
            }
        }
    }

    /** Turns as all parts take them. */
    static Turns turns(String title) {
        return new Turns(title, new Rounds(ROUNDS, MEASURE_EACH, LEAST_TURNS, WARM_UP_EACH));
    }
}
