package org.arrownpz.ipc;

import java.util.List;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.jspecify.annotations.Nullable;

/**
 * Options for reading IPC files and streams. Immutable.
 *
 * @param mapping how the bytes become memory
 * @param verify {@link Verify#CONTENT} also checks that strings are UTF-8 and decimals no longer than their type says;
 *     lengths, offsets, views, type codes, run ends and dictionary indices are checked at every level (the format has no
 *     checksums)
 * @param columns the names of the columns to read, in the order in which they are wanted, or null for all
 */
public record IpcReadOptions(
        Mapping mapping, Verify verify, @Nullable List<String> columns) {
    private static final IpcReadOptions DEFAULTS = new IpcReadOptions(Mapping.READ_ONLY, Verify.STRUCTURE, null);

    public IpcReadOptions {
        columns = columns == null ? null : List.copyOf(columns);
    }

    /** Mapped read-only, structure checked, all columns. */
    public static IpcReadOptions defaults() {
        return DEFAULTS;
    }

    /** Says whether bytes are mapped (shared with the file) or read into memory. */
    public IpcReadOptions withMapping(Mapping value) {
        return new IpcReadOptions(value, verify, columns);
    }

    /** Says how much is checked before vectors are handed out. */
    public IpcReadOptions withVerify(Verify value) {
        return new IpcReadOptions(mapping, value, columns);
    }

    /** Reads only these columns, in this order; the buffers of others are not touched. */
    public IpcReadOptions withColumns(List<String> names) {
        return new IpcReadOptions(mapping, verify, names);
    }

    /** {@link #withColumns(List)}. */
    public IpcReadOptions withColumns(String... names) {
        return withColumns(List.of(names));
    }
}
