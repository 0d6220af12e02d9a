package org.arrownpz.ipc;

import org.arrownpz.Durability;

/**
 * How IPC files and streams are written. Immutable.
 *
 * @param compression how buffers are compressed
 * @param batchRows rows per record batch, or 0 for one batch (what readers of whole columns like
 *     best) where one can hold the rows
 * @param durability whether the call returns only after the disk has the data; without meaning for streams
 */
public record IpcOptions(IpcCompression compression, int batchRows, Durability durability) {
    private static final IpcOptions DEFAULTS = new IpcOptions(IpcCompression.NONE, 0, Durability.FSYNC);

    public IpcOptions {
        if (batchRows < 0) {
            throw new IllegalArgumentException("rows per batch are not negative: " + batchRows);
        }
    }

    /** Uncompressed, one batch, on the disk when the call returns. */
    public static IpcOptions defaults() {
        return DEFAULTS;
    }

    public IpcOptions withCompression(IpcCompression value) {
        return new IpcOptions(value, batchRows, durability);
    }

    public IpcOptions withBatchRows(int value) {
        return new IpcOptions(compression, value, durability);
    }

    public IpcOptions withDurability(Durability value) {
        return new IpcOptions(compression, batchRows, value);
    }
}
