package org.arrownpz.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** Formats that tell what they are in their first bytes, whatever a file is called. Immutable and safe for use by several threads. */
public enum FileMagic {
    NPY("\u0093NUMPY", "an NPY file", "Open it with Frames.open or Npy.load"),
    ZIP("PK\3\4", "a zip archive, as NPZ files are", "Open it with Frames.open or Npz.load"),
    EMPTY_ZIP("PK\5\6", "an empty zip archive, as NPZ files are", "Open it with Frames.open or Npz.load"),
    ARROW_FILE("ARROW1", "an Arrow IPC file (Feather V2)", "Open it with Ipc.open or Tables.open of arrow-npz-ipc"),
    ARROW_STREAM(
            "\u00ff\u00ff\u00ff\u00ff", "an Arrow IPC stream", "Open it with Ipc.open or Tables.open of arrow-npz-ipc"),
    FEATHER_V1(
            "FEA1",
            "a Feather V1 file, a format that its makers gave up",
            "Convert it with an older pandas or pyarrow: "
                    + "pyarrow.feather.write_feather(pyarrow.feather.read_table(old), new)"),
    PARQUET("PAR1", "a Parquet file", "Open it with Parquet.open or Tables.open, with arrow-npz-parquet"),
    HDF5("\u0089HDF\r\n\u001a\n", "an HDF5 file", "Write its datasets with NumPy's savez, or its tables as Parquet"),
    GZIP("\u001f\u008b\b", "a file that gzip compressed", "Decompress it first, with gunzip");

    /** The longest. */
    public static final int LENGTH = 8;

    /** The schemes of paths whose first bytes cost a request. */
    private static final Set<String> FETCHED = Set.of("https", "http", "s3");

    private final byte[] start;
    private final String what;
    private final String remedy;

    FileMagic(String start, String what, String remedy) {
        this.start = start.getBytes(StandardCharsets.ISO_8859_1);
        this.what = what;
        this.remedy = remedy;
    }

    /** The format that begins with these bytes, or null where none of these formats does. */
    public static @Nullable FileMagic of(byte[] bytes) {
        for (FileMagic magic : values()) {
            if (bytes.length >= magic.start.length && magic.begins(bytes)) {
                return magic;
            }
        }
        return null;
    }

    /** The format of a file; null also where it cannot be read: the next to open it says why. */
    public static @Nullable FileMagic of(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        if (FETCHED.contains(file.getFileSystem().provider().getScheme())
                && file.toString().endsWith(".npz")) {
            // A request for what the end record, which is fetched first, tells as well.
            return ZIP;
        }
        try (InputStream input = Files.newInputStream(file)) {
            return of(input.readNBytes(LENGTH));
        } catch (IOException e) {
            return null;
        }
    }

    private boolean begins(byte[] bytes) {
        for (int i = 0; i < start.length; i++) {
            if (bytes[i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    public boolean isZip() {
        return this == ZIP || this == EMPTY_ZIP;
    }

    /** The hint for one who takes such a file for another. */
    public NpzException instead(Location location, String expected) {
        return location.error(this == FEATHER_V1 ? ErrorCode.VERSION : ErrorCode.MAGIC, "this is " + what)
                .at(0)
                .expected(expected)
                .remedy(remedy)
                .build();
    }
}
