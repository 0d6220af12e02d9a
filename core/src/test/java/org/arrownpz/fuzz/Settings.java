package org.arrownpz.fuzz;

import java.util.List;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.ReadOptions.ZipLayout;

/** How an input is to be read and what is done with it: its first two bytes. */
record Settings(int first, int second) {
    static final int LENGTH = 2;
    /** Checked to the last value, Arrow's types, strict. */
    static final Settings CONTENT = new Settings(2, 0xff);

    private static final int BOUND = 1 << 20;
    private static final ReadLimits LIMITS = ReadLimits.defaults()
            .withInflatedBytes(BOUND)
            .withLabelBytes(BOUND)
            .withMetadataBytes(BOUND)
            .withDirectoryBytes(BOUND);

    static Settings of(byte[] data) {
        return new Settings(data.length > 0 ? data[0] & 0xff : 0, data.length > 1 ? data[1] & 0xff : 0);
    }

    byte[] bytes() {
        return new byte[] {(byte) first, (byte) second};
    }

    ReadOptions options() {
        ReadOptions options = ReadOptions.defaults()
                .withLimits(LIMITS)
                .withVerify(verify())
                .withTypeMapping(isSet(first, 2) ? TypeMapping.STORAGE : TypeMapping.ARROW)
                .withNatPolicy(isSet(first, 3) ? NatPolicy.SENTINEL : NatPolicy.NULL)
                .withMisfitPolicy(isSet(first, 4) ? MisfitPolicy.REFUSE : MisfitPolicy.KEEP_STORAGE)
                .withZipLayout(isSet(first, 5) ? ZipLayout.TOLERANT : ZipLayout.STRICT);
        if (isSet(first, 6)) {
            options = options.withIsolatedValidity();
        }
        return selects() ? options.withPositions(List.of((second & 3) == 2 ? 0 : -1)) : options;
    }

    Verify verify() {
        return switch (first & 3) {
            case 0 -> Verify.STRUCTURE;
            case 1 -> Verify.CRC;
            default -> Verify.CONTENT;
        };
    }

    /** The same, but with all checks. */
    Settings checked() {
        return new Settings(first & ~3 | 2, second);
    }

    /** Whether the bytes end where memory ends, rather than begin where it begins. */
    boolean endAligned() {
        return isSet(first, 7);
    }

    /** Whether only one column is read, which need not be there. */
    boolean selects() {
        return (second & 3) > 1;
    }

    boolean usesInterchange() {
        return isSet(second, 2);
    }

    boolean usesBlocks() {
        return isSet(second, 3);
    }

    boolean usesBatches() {
        return isSet(second, 4);
    }

    boolean usesCopy() {
        return isSet(second, 5);
    }

    boolean usesSelection() {
        return isSet(second, 6);
    }

    /** Free for a target's own use. */
    boolean isSpecial() {
        return isSet(second, 7);
    }

    private static boolean isSet(int bits, int bit) {
        return (bits >> bit & 1) != 0;
    }
}
