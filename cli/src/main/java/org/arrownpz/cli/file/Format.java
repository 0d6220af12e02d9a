package org.arrownpz.cli.file;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** File formats by extension. */
public enum Format {
    NPZ,
    NPY,
    /** An NPY directory: a name ending in a slash. */
    NPYDIR,
    /** Named arrays of machine learning; no tables. */
    SAFETENSORS,
    /** A zip of frames. */
    BUS,
    /** Feather V2, the Arrow IPC file. */
    IPC_FILE,
    /** An Arrow IPC stream in a file. */
    IPC_STREAM,
    /** An Arrow IPC stream on standard input or output. */
    PIPE,
    PARQUET,
    CSV,
    /** One JSON object per line. */
    JSON;

    public static final String KNOWN =
            ".npz, .npy, .safetensors, .feather, .arrow, .ipc, .arrows, .parquet, .csv, .tsv, .json (an object per "
                    + "line), or a name ending in / (an NPY directory)";

    /** The format that a name asks for, or null where it does not say. */
    public static @Nullable Format ofName(String name) {
        if (name.equals("-")) {
            return PIPE;
        }
        if (name.endsWith("/") || name.endsWith("\\")) {
            return NPYDIR;
        }
        if (Urls.isUrl(name)) {
            return ofName(Urls.path(name).getFileName().toString());
        }
        String plain = name.toLowerCase(Locale.ROOT).endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        Format format = ofExtension(plain.substring(plain.lastIndexOf('.') + 1));
        boolean extended = plain.indexOf('.') >= 0 && (plain.equals(name) || format == CSV || format == JSON);
        return extended ? format : null;
    }

    /** The format of an extension without its dot ({@code npydir} for a directory), or null. */
    static @Nullable Format ofExtension(String extension) {
        return switch (extension.toLowerCase(Locale.ROOT)) {
            case "npz" -> NPZ;
            case "npy" -> NPY;
            case "npydir" -> NPYDIR;
            case "safetensors" -> SAFETENSORS;
            case "zip" -> BUS;
            case "feather", "arrow", "ipc" -> IPC_FILE;
            case "arrows" -> IPC_STREAM;
            case "parquet" -> PARQUET;
            case "csv", "tsv" -> CSV;
            case "json", "jsonl", "ndjson" -> JSON;
            default -> null;
        };
    }

    /** Formats that native code reads. */
    public boolean isRead() {
        return this == PARQUET || this == CSV || this == JSON;
    }

    /** Whether values are written as they lie in memory, where no compression is asked for. */
    public boolean isRaw() {
        return this == NPZ || this == NPY || this == NPYDIR || this == SAFETENSORS || isIpc();
    }

    public boolean isIpc() {
        return this == IPC_FILE || this == IPC_STREAM;
    }

    /** Whether inputs come in batches, and are no single array or frame of an archive. */
    public boolean isBatched() {
        return this == PIPE || isRead() || isIpc();
    }
}
