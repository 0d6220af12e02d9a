package org.arrownpz.safety;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.SafeText;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.frame.label.Label;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.Maps;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads every file of the hostile corpus in this one JVM and prints a line for each file and level: file, level, {@code
 * ACCEPT} or the code, milliseconds of processor, message, and what is wrong with the outcome (nothing for a right one),
 * separated by tabs.
 */
final class HostileRun {
    static final String ACCEPTED = "ACCEPT";
    /** Before a code: an archive that should be refused as a whole, of which some members were read. */
    static final String PARTLY = "PARTLY ";

    static final long MEMORY = 64L << 20;
    static final long MILLIS = 2000;

    /** Where our message names the other of two members that contradict each other. */
    private static final Map<String, String> OTHER_MEMBERS = Map.of(
            // The first block that is missing, rather than the metadata that count it.
            "frame-npz/schema_blocks_1e9.npz", "__blocks_3__.npy",
            // All blocks have one row, the index has three labels: nothing tells which is wrong.
            "frame-dir/fs_one_row_block", "__values_index_0__.npy");

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final HostileCase row;
    private final ReadOptions options;
    private final JsonNode expected;
    private final List<String> problems = new ArrayList<>();
    private boolean partly;

    private HostileRun(HostileCase row, Verify level, JsonNode expected) {
        this.row = row;
        this.options = ReadOptions.defaults().withVerify(level);
        this.expected = expected;
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        JsonNode expected = HostileCase.expected();
        for (HostileCase row : HostileCase.all()) {
            for (Verify level : row.levels()) {
                out.println(new HostileRun(row, level, expected.path(row.file())).line(level));
            }
        }
        out.println("done");
    }

    private String line(Verify level) {
        long start = processorNanos();
        NpzException fault = null;
        try (BufferAllocator allocator = new RootAllocator(MEMORY)) {
            try {
                fault = read(allocator);
            } catch (Throwable e) {
                problems.add("threw " + e);
            }
            leaks(allocator, "reading");
            long millis = (processorNanos() - start) / 1_000_000;
            if (millis > MILLIS) {
                problems.add("took " + millis + " ms of processor");
            }
            verify(allocator, fault);
            leaks(allocator, "verifying");
            if (fault != null) {
                message(fault);
            }
            return String.join(
                    "\t",
                    row.file(),
                    level.name(),
                    fault == null
                            ? ACCEPTED
                            : (partly ? PARTLY : "") + fault.code().name(),
                    Long.toString(millis),
                    fault == null ? "" : SafeText.escape(String.valueOf(fault.getMessage()), 500),
                    SafeText.escape(String.join("; ", problems), 2000));
        }
    }

    /** Of all threads: what a busy machine makes of it on the clock is not this code's. */
    private static long processorNanos() {
        return PROCESS.getProcessCpuTime();
    }

    private @Nullable NpzException read(BufferAllocator allocator) {
        try {
            switch (row.type()) {
                case "npy" -> npy(allocator);
                case "npz" -> {
                    return npz(allocator);
                }
                default -> frame(allocator);
            }
            return null;
        } catch (NpzException e) {
            return e;
        }
    }

    private void npy(BufferAllocator allocator) throws NpzException {
        try (NumpyArray array = Npy.load(allocator, row.path(), options)) {
            array(allocator, array, expected);
        }
        Frames.open(allocator, row.path(), options).close();
    }

    private void array(BufferAllocator allocator, NumpyArray array, JsonNode wanted) throws NpzException {
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                FieldVector vector = new VectorReader(allocator, options, ones, null).read(array, "x")) {
            VectorValidation.validateFull(vector);
            if (!wanted.isMissingNode()) {
                note(ExpectedArray.difference(array, wanted));
                note(ExpectedArray.difference(vector, array, wanted));
            }
            String read = array.header().dtype() + "" + array.header().shape();
            if (!row.accept() && row.type().equals("npy") && !read.equals(row.numpy())) {
                note(ExpectedArray.notAsStored(vector, array));
            }
        }
    }

    // The fault of the stated member, or of opening, or the first when every member has one.
    private @Nullable NpzException npz(BufferAllocator allocator) throws NpzException {
        NpzException first = null;
        int failed = 0;
        try (NpzFile file = NpzFile.open(allocator, row.path(), options)) {
            JsonNode members = expected.path("members");
            if (row.accept() && members.size() != file.size()) {
                problems.add("members " + file.keys());
            }
            for (NpzEntry entry : file.entries()) {
                JsonNode wanted = members.path(entry.key());
                try {
                    if (wanted.has("bytes_hex")) {
                        file.bytes(entry.name(), 1000);
                    } else {
                        array(allocator, file.array(entry.name()), wanted);
                    }
                    if (row.accept() && wanted.isMissingNode()) {
                        problems.add("unexpected member " + entry.name());
                    }
                } catch (NpzException e) {
                    boolean stated = SafeText.escape(entry.name()).equals(row.memberInMessages());
                    first = first == null || stated ? e : first;
                    failed++;
                }
            }
            partly = !row.accept() && row.member().isEmpty() && failed > 0 && failed < file.size();
            return first;
        }
    }

    private void frame(BufferAllocator allocator) throws NpzException {
        try (Frame frame = Frames.open(allocator, row.path(), options)) {
            JsonNode wanted = expected.path("frame");
            if (wanted.isMissingNode()) {
                return;
            }
            int levels = frame.indexLevels();
            List<FieldVector> vectors = frame.root().getFieldVectors();
            check(frame.rowCount() == wanted.path("shape").path(0).longValue(), "row count");
            check(vectors.size() - levels == wanted.path("shape").path(1).intValue(), "column count");
            check(sameName(frame.name(), wanted.path("name")), "name " + frame.name());
            check(
                    sameName(frame.index().name(), wanted.path("index_name")),
                    "index name " + frame.index().name());
            check(sameName(frame.columns().name(), wanted.path("columns_name")), "columns name");
            JsonNode index = wanted.path("index");
            for (int i = 0; i < index.size(); i++) {
                check(
                        levels == 0
                                ? index.get(i).intValue() == i
                                : ExpectedArray.same(vectors.get(0), i, null, index.get(i)),
                        "index label " + i);
            }
            for (int c = 0; c < vectors.size() - levels; c++) {
                FieldVector vector = vectors.get(levels + c);
                check(
                        frame.columnNames()
                                .get(c)
                                .equals(wanted.path("columns").path(c).asText()),
                        "label " + c);
                check(
                        Objects.equals(
                                vector.getField().getMetadata().get("numpy.dtype"),
                                wanted.path("dtypes").path(c).textValue()),
                        "dtype of column " + c);
                for (int i = 0; i < frame.rowCount(); i++) {
                    check(
                            ExpectedArray.same(
                                    vector, i, null, wanted.path("data").path(c).path(i)),
                            "value " + i + " of column " + c + ": " + vector.getObject(i));
                }
            }
        }
    }

    private static boolean sameName(Label name, JsonNode wanted) {
        if (wanted.isArray()) {
            if (!(name instanceof Label.Tuple tuple) || tuple.items().size() != wanted.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!sameName(tuple.items().get(i), wanted.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return wanted.isNull() ? name == Label.NONE : name.text().equals(wanted.asText());
    }

    /** Whether {@code Frames.verify} comes to the same verdict. */
    private void verify(BufferAllocator allocator, @Nullable NpzException read) {
        try {
            Verification verdict = Frames.verify(allocator, row.path(), options);
            NpzException fault = verdict.fault();
            ErrorCode code = fault == null ? null : fault.code();
            if (code != (read == null ? null : read.code())) {
                problems.add("verify says " + code + (fault == null ? "" : " (" + fault.getMessage() + ")"));
            }
            String kind = switch (row.type()) {
                case "frame-npz" -> row.accept() ? "frame" : "frame|npz";
                default -> row.type();
            };
            if (!List.of(kind.split("\\|")).contains(verdict.kind())) {
                problems.add("verify calls it " + verdict.kind());
            }
        } catch (Throwable e) {
            problems.add("verify threw " + e);
        }
    }

    // File, member and offset as the manifest states them.
    private void message(NpzException fault) {
        String text = String.valueOf(fault.getMessage());
        if (!text.contains(row.file())) {
            problems.add("the message does not name the file");
        }
        String member = OTHER_MEMBERS.getOrDefault(row.file(), row.memberInMessages());
        boolean archive = !row.type().equals("npy");
        if (!row.accept() && archive && !row.member().isEmpty() && !member.equals(fault.member())) {
            problems.add("the message names " + fault.member() + " instead of " + member);
        }
        if (row.offset() >= 0 && fault.offset() != row.offset()) {
            problems.add("the offset is " + fault.offset() + " instead of " + row.offset());
        }
    }

    private void leaks(BufferAllocator allocator, String after) {
        if (allocator.getAllocatedMemory() != 0) {
            problems.add(allocator.getAllocatedMemory() + " bytes of memory left after " + after);
        }
        for (List<String> paths : List.of(Maps.mappedFiles(), Maps.openFiles())) {
            for (String path : paths) {
                if (path.contains("/hostile/")) {
                    problems.add("left open or mapped after " + after + ": " + path);
                }
            }
        }
    }

    private void check(boolean condition, String what) {
        if (!condition) {
            problems.add("wrong " + what);
        }
    }

    private void note(@Nullable String difference) {
        if (difference != null) {
            problems.add("wrong " + difference);
        }
    }
}
