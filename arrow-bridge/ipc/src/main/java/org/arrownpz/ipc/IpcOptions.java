package org.arrownpz.ipc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.arrownpz.WriteOptions.Durability;

/**
 * Options for writing IPC files and streams. Immutable.
 *
 * @param compression how buffers are compressed
 * @param batchRows rows per record batch, or 0 for one batch (what readers of whole columns like
 *     best) where one can hold the rows
 * @param durability whether the call returns only after the disk has the data; without meaning for streams
 * @param metadata key-value pairs of the file's footer, or of a stream's schema message, besides the schema's own
 */
public record IpcOptions(
        IpcCompression compression, int batchRows, Durability durability, Map<String, String> metadata) {
    private static final IpcOptions DEFAULTS = new IpcOptions(IpcCompression.NONE, 0, Durability.FSYNC, Map.of());

    public IpcOptions {
        if (batchRows < 0) {
            throw new IllegalArgumentException("rows per batch are not negative: " + batchRows);
        }
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Uncompressed, one batch, on the disk when the call returns. */
    public static IpcOptions defaults() {
        return DEFAULTS;
    }

    /** Compresses buffers, or not: only uncompressed files can be mapped without a copy. */
    public IpcOptions withCompression(IpcCompression value) {
        return new IpcOptions(value, batchRows, durability, metadata);
    }

    /** Writes batches of so many rows; 0 is one batch where one can hold the rows. */
    public IpcOptions withBatchRows(int value) {
        return new IpcOptions(compression, value, durability, metadata);
    }

    /** Says whether the call returns only after the disk has the data. */
    public IpcOptions withDurability(Durability value) {
        return new IpcOptions(compression, batchRows, value, metadata);
    }

    /** Adds these pairs to the file's footer, in place of those set before. */
    public IpcOptions withMetadata(Map<String, String> pairs) {
        return new IpcOptions(compression, batchRows, durability, pairs);
    }
}
