package org.arrownpz.event.internal.kernel;

/** The form of a key column's values in memory, and so their order. */
public enum KeyKind {
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    /** NaN is null, and −0.0 equals 0.0; so for the other floats. */
    FLOAT16(2),
    FLOAT32(4),
    FLOAT64(8),
    BOOL(0),
    /** Days and milliseconds, as intervals have them. */
    DAY_TIME(8),
    /** Nothing but whether the value is null. */
    NULLNESS(0),
    /** Text and bytes behind 32-bit offsets; ordered by byte, which for UTF-8 is by code point. */
    BYTES32(4),
    /** The same behind 64-bit offsets. */
    BYTES64(8),
    /** The same as views of 16 bytes. */
    VIEWS(16),
    /** Bytes of one length. */
    FIXED(0),
    /** Signed integers of 4 to 32 bytes, least significant byte first. */
    DECIMAL(0),
    /** Months, days and nanoseconds, as intervals have them. */
    MONTH_DAY_NANO(16);

    private final int width;

    KeyKind(int width) {
        this.width = width;
    }

    /** Bytes of a value, of an offset or of a view; 0 where it depends. */
    public int width() {
        return width;
    }

    /** Whether values become one 64-bit integer each, equal and ordered as they are. */
    public boolean isWord() {
        return ordinal() < BYTES32.ordinal();
    }
}
