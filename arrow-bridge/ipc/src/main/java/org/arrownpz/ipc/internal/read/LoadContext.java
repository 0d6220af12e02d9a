package org.arrownpz.ipc.internal.read;

import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.ipc.internal.message.FileSchema;

/**
 * What loading a batch needs besides the batch.
 *
 * @param ones where bitmaps of columns without nulls come from
 * @param writable whether vectors may be written to, so that they must not share such bitmaps
 * @param text whether the UTF-8 of strings is checked
 * @param asked whether copies are what the caller wanted, rather than what the file made necessary
 * @param schema of the file
 */
public record LoadContext(
        BufferAllocator allocator,
        AllValidBitmaps ones,
        boolean writable,
        boolean text,
        boolean asked,
        FileSchema schema,
        Location location) {}
