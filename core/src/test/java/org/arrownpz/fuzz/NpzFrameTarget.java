package org.arrownpz.fuzz;

import java.util.Arrays;

/**
 * An archive as a frame. After {@link Settings}, a byte tells whether the rest is a file (even), or {@link FileParts}
 * (odd), which make a sound archive.
 */
public final class NpzFrameTarget {
    private NpzFrameTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length <= Settings.LENGTH) {
            return;
        }
        byte[] file = (data[Settings.LENGTH] & 1) != 0
                ? ArchiveParts.archive(FileParts.members(data, Settings.LENGTH + 1))
                : Arrays.copyOfRange(data, Settings.LENGTH + 1, data.length);
        Opening.frame(file, 0, Settings.of(data));
    }
}
