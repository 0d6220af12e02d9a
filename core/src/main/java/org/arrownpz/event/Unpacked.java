package org.arrownpz.event;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.frame.Frame;
import org.arrownpz.vector.CopyReport;

/** Unpacked events: one row for each element. Ownership and threads as of {@link Packed}. */
public final class Unpacked implements AutoCloseable {
    private final OwnedRoot owned;
    private final CopyReport report;

    Unpacked(OwnedRoot owned, CopyReport report) {
        this.owned = owned;
        this.report = report;
    }

    /** The input's columns in its order, then the ordinal. Owned by this object. */
    public VectorSchemaRoot root() {
        return owned.root();
    }

    /** The root as a frame. Borrows the root; the same object on every call. */
    public Frame frame() {
        return owned.frame();
    }

    /** The input's dictionaries, in the same memory. Owned by this object. */
    public DictionaryProvider dictionaries() {
        return owned.dictionaries();
    }

    /** Which columns are views of the input, which are copies, and why. */
    public CopyReport report() {
        return report;
    }

    /** Closes the root and the dictionaries. May be called more than once. */
    @Override
    public void close() {
        owned.close();
    }
}
