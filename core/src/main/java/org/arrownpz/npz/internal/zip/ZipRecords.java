package org.arrownpz.npz.internal.zip;

/** Signatures, lengths and flags of zip records (APPNOTE 6.3.10, section 4.3 and 4.4). */
public final class ZipRecords {
    public static final int LOCAL_SIGNATURE = 0x04034b50;
    public static final int CENTRAL_SIGNATURE = 0x02014b50;
    public static final int END_SIGNATURE = 0x06054b50;
    public static final int ZIP64_END_SIGNATURE = 0x06064b50;
    public static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
    public static final int DESCRIPTOR_SIGNATURE = 0x08074b50;

    public static final int LOCAL_LENGTH = 30;
    public static final int CENTRAL_LENGTH = 46;
    public static final int END_LENGTH = 22;
    public static final int ZIP64_END_LENGTH = 56;
    public static final int ZIP64_LOCATOR_LENGTH = 20;

    public static final int FLAG_ENCRYPTED = 1;
    public static final int FLAG_DESCRIPTOR = 1 << 3;
    public static final int FLAG_PATCHED = 1 << 5;
    public static final int FLAG_STRONG_ENCRYPTION = 1 << 6;
    public static final int FLAG_UTF8 = 1 << 11;
    public static final int FLAG_MASKED = 1 << 13;

    public static final int STORED = 0;
    public static final int DEFLATED = 8;

    public static final int ZIP64_EXTRA = 0x0001;
    public static final int UNICODE_PATH_EXTRA = 0x7075;
    /** Android's alignment field: u16 alignment, then zeros. */
    public static final int ALIGNMENT_EXTRA = 0xd935;

    public static final long SATURATED_32 = 0xffff_ffffL;
    public static final int SATURATED_16 = 0xffff;

    public static final String TOLERANT_REMEDY =
            "Open with ZipLayout.TOLERANT, or repair with `arrow-npz align --tolerant`";

    private ZipRecords() {}
}
