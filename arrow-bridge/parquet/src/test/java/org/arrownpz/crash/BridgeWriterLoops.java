package org.arrownpz.crash;

import java.util.ArrayList;
import java.util.List;

/** The processes to be killed. */
final class BridgeWriterLoops {
    private BridgeWriterLoops() {}

    /** The writers of this module. */
    public static void main(String[] arguments) throws Exception {
        WriterLoops.run(arguments, BridgeWriter.ALL);
    }

    /** Parquet's, whose native library takes a process most of its life to load. */
    static final class Native {
        static final List<CrashWriter> WRITERS = List.of(BridgeWriter.PARQUET);

        private Native() {}

        public static void main(String[] arguments) throws Exception {
            WriterLoops.run(arguments, WRITERS);
        }
    }

    /** All others of both modules, side by side, so that one kill hits each of them. */
    static final class Plain {
        static final List<CrashWriter> WRITERS = writers();

        private Plain() {}

        private static List<CrashWriter> writers() {
            List<CrashWriter> writers = new ArrayList<>(CoreWriter.ALL);
            writers.add(BridgeWriter.FEATHER);
            return List.copyOf(writers);
        }

        public static void main(String[] arguments) throws Exception {
            WriterLoops.run(arguments, WRITERS);
        }
    }
}
