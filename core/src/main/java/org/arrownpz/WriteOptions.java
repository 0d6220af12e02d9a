package org.arrownpz;

/**
 * Options for writing files. Immutable; start from {@link #defaults()} and change with the {@code with…} methods.
 *
 * <pre>{@code
 * WriteOptions options = WriteOptions.defaults().withDurability(Durability.FSYNC).deflate(6);
 * }</pre>
 *
 * @param form whether an archive is a StaticFrame frame or plain arrays
 * @param layout whether columns become NumPy blocks or Arrow buffers
 * @param strings how text and binary columns are written
 * @param dictionaries how dictionary-encoded columns are written
 * @param durability whether the call returns only after the disk has the data
 * @param deflateLevel 0 for stored members (the default, and the only ones that can be mapped), else zlib's 1 to 9
 * @param strict whether what NumPy or StaticFrame cannot hold as it is (nulls, Arrow buffers, widened types) is refused
 *     instead of reported
 * @param overwrite whether an existing NPY directory may be replaced (a single file always is, atomically), and arrays
 *     of an archive by those of the same name that are added
 */
public record WriteOptions(
        ArchiveForm form,
        ColumnLayout layout,
        StringEncoding strings,
        DictionaryEncoding dictionaries,
        Durability durability,
        int deflateLevel,
        boolean strict,
        boolean overwrite) {
    private static final WriteOptions DEFAULTS = new WriteOptions(
            ArchiveForm.AS_READ,
            ColumnLayout.AUTO,
            StringEncoding.AUTO,
            DictionaryEncoding.BUFFERS,
            Durability.FSYNC,
            0,
            false,
            false);

    public WriteOptions {
        if (deflateLevel < 0 || deflateLevel > 9) {
            throw new IllegalArgumentException("deflate level is 0 (stored) to 9, not " + deflateLevel);
        }
    }

    /** As the file was read, columns and text as they fit best, synced to disk, stored, lenient, no directory replaced. */
    public static WriteOptions defaults() {
        return DEFAULTS;
    }

    /** A StaticFrame frame or plain arrays; {@link ArchiveForm#AS_READ} unless said otherwise. */
    public WriteOptions withForm(ArchiveForm value) {
        return new WriteOptions(value, layout, strings, dictionaries, durability, deflateLevel, strict, overwrite);
    }

    /** NumPy blocks or Arrow buffers; {@link ColumnLayout#AUTO} unless said otherwise. */
    public WriteOptions withLayout(ColumnLayout value) {
        return new WriteOptions(form, value, strings, dictionaries, durability, deflateLevel, strict, overwrite);
    }

    /** The form of text and binary columns; {@link StringEncoding#AUTO} unless said otherwise. */
    public WriteOptions withStrings(StringEncoding value) {
        return new WriteOptions(form, layout, value, dictionaries, durability, deflateLevel, strict, overwrite);
    }

    /** The form of dictionary-encoded columns; {@link DictionaryEncoding#BUFFERS} unless said otherwise. */
    public WriteOptions withDictionaries(DictionaryEncoding value) {
        return new WriteOptions(form, layout, strings, value, durability, deflateLevel, strict, overwrite);
    }

    /** Whether calls wait for the disk; {@link Durability#FSYNC} unless said otherwise. */
    public WriteOptions withDurability(Durability value) {
        return new WriteOptions(form, layout, strings, dictionaries, value, deflateLevel, strict, overwrite);
    }

    /** Deflates members; such files are smaller, slower, and cannot be mapped (nor read by StaticFrame). */
    public WriteOptions deflate(int level) {
        return new WriteOptions(form, layout, strings, dictionaries, durability, level, strict, overwrite);
    }

    /** Refuses what NumPy or StaticFrame cannot hold as it is, instead of reporting it. */
    public WriteOptions withStrict() {
        return new WriteOptions(form, layout, strings, dictionaries, durability, deflateLevel, true, overwrite);
    }

    /** Lets an existing NPY directory be replaced, or arrays where others are added. */
    public WriteOptions withOverwrite() {
        return new WriteOptions(form, layout, strings, dictionaries, durability, deflateLevel, strict, true);
    }

    /** The kind of a written NPZ file. Immutable and safe for use by several threads. */
    public enum ArchiveForm {
        /**
         * The form that the frame was read from. An array stays one and a plain archive of arrays, too, with dtype and
         * shape; order, too, but for arrays of three dimensions and more in Fortran order whose vectors may have been
         * written to. All else becomes a frame.
         */
        AS_READ,
        /** StaticFrame's layout with labels and metadata. */
        FRAME,
        /** One array per column, as {@code np.savez} writes it; refused where a column is none, and index labels are lost. */
        ARRAYS
    }

    /** The way from a root's columns to arrays of a file. Immutable and safe for use by several threads. */
    public enum ColumnLayout {
        /** Columns that NumPy can hold become blocks, the others Arrow buffers. */
        AUTO,
        /** Every column becomes a block; a column that NumPy cannot hold is refused. */
        NUMPY,
        /** Every column is stored as its Arrow buffers, so that reading back copies nothing. */
        ARROW
    }

    /** The form in which dictionary-encoded columns are written. Immutable and safe for use by several threads. */
    public enum DictionaryEncoding {
        /** Indices and dictionary as Arrow buffers: nothing is lost, NumPy sees the indices. */
        BUFFERS,
        /** Plain values, which NumPy and StaticFrame see. */
        DECODE
    }

    /** The form in which Utf8 and Binary columns are written. Immutable and safe for use by several threads. */
    public enum StringEncoding {
        /**
         * {@code <U} (Binary: {@code S}) while that takes at most eight times the bytes of the values plus 1 MiB and no value
         * ends in NUL, else Arrow buffers, with the reason in the report.
         */
        AUTO,
        /** Always {@code <U} or {@code S}; a value ending in NUL is refused. */
        UNICODE,
        /** Always Arrow buffers. */
        ARROW
    }

    /**
     * The guarantees of a finished write. Both replace the target atomically. Immutable and safe for use by several
     * threads.
     */
    public enum Durability {
        /** Data and directory entry are forced to the disk before the call returns. */
        FSYNC,
        /**
         * The target is replaced by rename only. A killed process leaves the old content or the new one, as always; after a
         * power failure the new name may lead to content that never reached the disk, so that neither is left.
         */
        RENAME_ONLY
    }
}
