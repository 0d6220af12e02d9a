package org.arrownpz;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The format that a target's extension asks for. A file whose name says one format and whose bytes are another misleads
 * every reader that goes by names, so that writers refuse such targets.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum TargetFormat {
    /** Archives of arrays. */
    NPZ("an NPZ archive", "Frames.write", ".npz"),
    /** Single arrays. */
    NPY("a NumPy array", "Npy.save", ".npy"),
    /** Model weights. */
    SAFETENSORS("a safetensors file", "Safetensors.save", ".safetensors"),
    /** Arrow IPC files and streams. */
    ARROW("an Arrow file", "Ipc.write", ".feather", ".arrow", ".ipc", ".arrows"),
    /** Parquet files. */
    PARQUET("a Parquet file", "Parquet.write", ".parquet");

    private final String what;
    private final String method;
    private final List<String> extensions;

    TargetFormat(String what, String method, String... extensions) {
        this.what = what;
        this.method = method;
        this.extensions = List.of(extensions);
    }

    /** The format of a file name, or null where its extension is none of these, or absent. */
    public static @Nullable TargetFormat of(Path target) {
        String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        for (TargetFormat format : values()) {
            if (format.extensions.stream().anyMatch(name::endsWith)) {
                return format;
            }
        }
        return null;
    }

    /**
     * Refuses a target that is named as another format; names without one of these extensions are free.
     *
     * @param written the formats that the writer writes
     * @throws IllegalArgumentException naming the method that writes what the name asks for
     */
    public static void require(Path target, TargetFormat... written) {
        TargetFormat named = of(target);
        if (named != null && !Arrays.asList(written).contains(named)) {
            throw new IllegalArgumentException(SafeText.quote(String.valueOf(target.getFileName())) + " is the name of "
                    + named.what + ": write it with " + named.method + ", or choose another name");
        }
    }
}
