package org.arrownpz.event;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.frame.Frame;

/**
 * Packed events: one row for each group. Owns its root and its dictionaries; values that were not copied are shared
 * with the input, each by a reference of its own, so that either may be closed first.
 *
 * <p>May be read by several threads; close by one.
 */
public final class Packed implements AutoCloseable {
    private final OwnedRoot owned;
    private final PackReport report;

    Packed(OwnedRoot owned, PackReport report) {
        this.owned = owned;
        this.report = report;
    }

    /** Keys, then session columns, carried columns and lists. Owned by this object. */
    public VectorSchemaRoot root() {
        return owned.root();
    }

    /** The root as a frame, for instance to be written. Borrows the root; the same object on every call. */
    public Frame frame() {
        return owned.frame();
    }

    /** The input's dictionaries, in the same memory. Owned by this object. */
    public DictionaryProvider dictionaries() {
        return owned.dictionaries();
    }

    /** What packing did. */
    public PackReport report() {
        return report;
    }

    /** Closes the root and the dictionaries. May be called more than once. */
    @Override
    public void close() {
        owned.close();
    }
}
