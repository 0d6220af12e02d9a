package org.arrownpz.compare;

import java.util.Locale;

/** The forms that data are stored in for a comparison. Immutable and safe for use by several threads. */
public enum FileForm {
    /** The user's own file, as it is. */
    OWN("this file", "own"),
    /** NPZ as StaticFrame lays it out: arrays not aligned, blocks of several columns row by row. */
    NPZ_STATIC_FRAME("NPZ as StaticFrame", "static-frame.npz"),
    /** NPZ as this library writes it: arrays at multiples of 64 bytes, blocks column by column. */
    NPZ_ALIGNED("NPZ aligned", "aligned.npz"),
    /** The same with deflated members, as {@code np.savez_compressed} has them. */
    NPZ_DEFLATED("NPZ deflated", "deflated.npz"),
    /** A directory with an NPY file for each array. */
    NPY_DIRECTORY("NPY directory", "npy"),
    /** The Arrow IPC file, uncompressed. */
    FEATHER("Feather plain", "plain.feather"),
    /** The Arrow IPC file with LZ4. */
    FEATHER_LZ4("Feather LZ4", "lz4.feather"),
    /** The Arrow IPC file with Zstandard. */
    FEATHER_ZSTD("Feather ZSTD", "zstd.feather"),
    /** Parquet with dictionaries, and no codec. */
    PARQUET_PLAIN("Parquet plain", "plain.parquet"),
    /** Parquet as this library writes it by default: with dictionaries, and Snappy. */
    PARQUET("Parquet Snappy", "snappy.parquet"),
    /** Parquet with dictionaries, and Zstandard. */
    PARQUET_ZSTD("Parquet ZSTD", "zstd.parquet");

    private final String label;
    private final String fileName;

    FileForm(String label, String fileName) {
        this.label = label;
        this.fileName = fileName;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** The name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of a file of that form, with its extension. */
    public String fileName() {
        return fileName;
    }

    boolean isParquet() {
        return fileName.endsWith("parquet");
    }

    boolean isFeather() {
        return fileName.endsWith("feather");
    }
}
