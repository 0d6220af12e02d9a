package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code docs/errors.md} has each code, and its messages are those that files get. {@code -Darrownpz.regenerate=true}
 * writes the messages anew.
 */
@ExtendWith(LeakCheck.class)
class ErrorsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "errors.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| `([^`]*)` \\|");

    /** What gives the message of a code; the others are refused files of the hostile corpus. */
    private interface Reading {
        void run(BufferAllocator allocator, Path directory) throws Exception;
    }

    private static final Map<ErrorCode, String> FILES = Map.ofEntries(
            Map.entry(ErrorCode.MAGIC, "npy/magic_gzip.npy"),
            Map.entry(ErrorCode.VERSION, "npy/version_2_1.npy"),
            Map.entry(ErrorCode.HEADER_LENGTH, "npy/hlen_v1_ffff_small_file.npy"),
            Map.entry(ErrorCode.HEADER_ENCODING, "npy/syntax_v3_overlong_utf8.npy"),
            Map.entry(ErrorCode.HEADER_SYNTAX, "npy/syntax_unclosed_brace.npy"),
            Map.entry(ErrorCode.HEADER_KEYS, "npy/keys_no_descr.npy"),
            Map.entry(ErrorCode.SHAPE, "npy/shape_list.npy"),
            Map.entry(ErrorCode.SIZE_OVERFLOW, "npy/overflow_four_64k.npy"),
            Map.entry(ErrorCode.DTYPE, "npy/descr_bad_i3.npy"),
            Map.entry(ErrorCode.OBJECT_DTYPE, "npy/object_O.npy"),
            Map.entry(ErrorCode.DATA_TRUNCATED, "npy/trunc_one_byte.npy"),
            Map.entry(ErrorCode.DATA_TRAILING, "npz/inner_trailing.npz"),
            Map.entry(ErrorCode.VALUE, "npy/val_U_above_10ffff.npy"),
            Map.entry(ErrorCode.ZIP_STRUCTURE, "npz/half_written.npz"),
            Map.entry(ErrorCode.ZIP_LOCAL_CENTRAL, "npz/method_differs.npz"),
            Map.entry(ErrorCode.ZIP_OVERLAP, "npz/overlap_full_other_name.npz"),
            Map.entry(ErrorCode.ZIP_DUPLICATE, "npz/dup_same.npz"),
            Map.entry(ErrorCode.ZIP_NAME, "npz/name_dotdot.npz"),
            Map.entry(ErrorCode.ZIP_SIZE, "npz/stored_sizes_differ.npz"),
            Map.entry(ErrorCode.ZIP_DATA, "npz/deflate_bad_block_type.npz"),
            Map.entry(ErrorCode.ZIP_CRC, "npz/crc_stored.npz"),
            Map.entry(ErrorCode.ZIP_UNSUPPORTED, "npz/method_zstd.npz"),
            Map.entry(ErrorCode.ZIP_ENCRYPTED, "npz/enc_flag_plain.npz"),
            Map.entry(ErrorCode.META_JSON, "frame-npz/meta_array.npz"),
            Map.entry(ErrorCode.META_SCHEMA, "frame-npz/schema_types_unknown.npz"),
            Map.entry(ErrorCode.META_MISSING, "frame-npz/miss_block_1.npz"),
            Map.entry(ErrorCode.META_EXTRA, "frame-npz/extra_block.npz"),
            Map.entry(ErrorCode.FRAME_SHAPE, "frame-npz/fs_rows_short.npz"),
            Map.entry(ErrorCode.FRAME_LABELS, "frame-dir/fs_dup_columns"),
            Map.entry(ErrorCode.LIMIT, "npz/bomb_deflate_256m.npz"));

    private static final Map<ErrorCode, Reading> READINGS = Map.of(
            ErrorCode.ARRAY_DTYPE,
            (allocator, directory) -> {
                try (NumpyArray array = array(allocator, directory, new double[] {1, 2})) {
                    array.ints();
                }
            },
            ErrorCode.ARRAY_SHAPE,
            (allocator, directory) -> {
                try (NumpyArray array = array(allocator, directory, new double[][] {{1, 2}, {3, 4}})) {
                    array.to(double[].class);
                }
            },
            ErrorCode.IO,
            (allocator, directory) ->
                    Frames.open(allocator, directory.resolve("missing.npz")).close(),
            ErrorCode.FILE_CHANGED,
            (allocator, directory) -> {
                Path file = directory.resolve("changed.npz");
                Npz.save(file, Map.of("x", new double[4096]));
                try (Frame frame = Frames.open(allocator, file);
                        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(100);
                    frame.root();
                }
            },
            ErrorCode.INTERNAL,
            (allocator, directory) -> {
                throw NpzException.of(ErrorCode.INTERNAL, "statement 5f3a-17 ended its process")
                        .found("exit code 139")
                        .remedy("All other statements go on")
                        .build();
            });

    @TempDir
    Path directory;

    private static NumpyArray array(BufferAllocator allocator, Path directory, Object values) throws NpzException {
        Path file = directory.resolve("array.npy");
        Npy.save(file, values);
        return Npy.load(allocator, file);
    }

    private static void read(BufferAllocator allocator, Path file) throws NpzException {
        ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
        if (file.toString().contains("npz") && !file.toString().contains("frame")) {
            try (NumpyArrays arrays = Npz.load(allocator, file, options)) {
                for (String name : arrays.names()) {
                    arrays.vector(name).close();
                }
            }
        }
        try (Frame frame = Frames.open(allocator, file, options)) {
            frame.root();
        }
    }

    /** The message of a file with this fault, as from its own folder. */
    private String message(BufferAllocator allocator, ErrorCode code) throws Exception {
        Path folder = HostileCase.root();
        NpzException fault;
        if (FILES.containsKey(code)) {
            Path file = folder.resolve(FILES.get(code));
            folder = file.getParent();
            try (BufferAllocator small = allocator.newChildAllocator("small", 0, HostileRun.MEMORY)) {
                fault = catchThrowableOfType(NpzException.class, () -> read(small, file));
            }
        } else {
            folder = directory;
            fault = catchThrowableOfType(
                    NpzException.class, () -> READINGS.get(code).run(allocator, directory));
        }
        assertThat(fault).as("a fault of " + code).isNotNull();
        assertThat(fault.code()).as(fault.getMessage()).isEqualTo(code);
        String message =
                fault.getMessage().replace(folder + folder.getFileSystem().getSeparator(), "");
        // What the allocator has left differs by its rounding.
        return code == ErrorCode.LIMIT ? message.replaceFirst("at most \\d+ bytes", "at most 67043328 bytes") : message;
    }

    @Test
    void hasARowForEachCodeAndNoOthers() throws IOException {
        List<String> names = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(DOCUMENT));
        while (row.find()) {
            names.add(row.group(1));
        }
        assertThat(names)
                .containsExactlyElementsOf(
                        Stream.of(ErrorCode.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void showsTheMessageOf(ErrorCode code, BufferAllocator allocator) throws Exception {
        String message = message(allocator, code).replace("|", "\\|");
        String text = Files.readString(DOCUMENT);
        Map<ErrorCode, String> shown = new EnumMap<>(ErrorCode.class);
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            shown.put(ErrorCode.valueOf(row.group(1)), row.group(2));
            if (Boolean.getBoolean("arrownpz.regenerate") && row.group(1).equals(code.name())) {
                Files.writeString(DOCUMENT, text.substring(0, row.start(2)) + message + text.substring(row.end(2)));
                return;
            }
        }
        assertThat(shown.get(code)).isEqualTo(message);
    }

    @Test
    void opensWhatItsRemediesNameOtherwise(BufferAllocator allocator) throws Exception {
        ReadOptions options = ReadOptions.defaults();
        Path root = HostileCase.root();
        try (Frame frame = Frames.open(
                allocator, root.resolve("npy/val_U_above_10ffff.npy"), options.withTypeMapping(TypeMapping.STORAGE))) {
            assertThat(frame.rowCount()).isPositive();
        }
        try (NumpyArrays arrays = Npz.load(allocator, root.resolve("frame-npz/meta_array.npz"))) {
            assertThat(arrays.names()).contains("__blocks_0__");
        }
        try (NumpyArrays arrays =
                Npz.load(allocator, root.resolve("npz/crc_zero.npz"), options.withVerify(Verify.STRUCTURE))) {
            assertThat(arrays.get("a").buffer().hasRemaining()).isTrue();
        }
        Path archive = directory.resolve("trailing.npz");
        Npz.save(archive, Map.of("x", new double[3], "longer", new double[4]));
        catchThrowableOfType(
                NpzException.class, () -> Frames.open(allocator, archive).close());
        try (NumpyArrays arrays = Npz.load(allocator, archive)) {
            assertThat(arrays.get("longer").doubles()).hasSize(4);
        }
        Files.write(archive, new byte[10], StandardOpenOption.APPEND);
        try (NumpyArrays arrays = Npz.load(allocator, archive, options.withZipLayout(ZipLayout.TOLERANT))) {
            assertThat(arrays.get("x").doubles()).hasSize(3);
        }
        Path two = directory.resolve("two.npy");
        Npy.save(two, new double[3]);
        Files.write(two, Files.readAllBytes(two), StandardOpenOption.APPEND);
        try (NumpyArray first = Npy.load(allocator, two)) {
            assertThat(first.doubles()).hasSize(3);
        }
    }
}
