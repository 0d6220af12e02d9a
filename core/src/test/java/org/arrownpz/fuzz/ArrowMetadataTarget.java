package org.arrownpz.fuzz;

/**
 * Frames with Arrow's own columns: {@code __meta__.json} with {@code __arrow__}, the schema's message, and Arrow buffers.
 * After {@link Settings} the input is {@link FileParts} in a sound archive, read with all checks or with those of the
 * structure, so that checksums and zip fields are never in the way.
 */
public final class ArrowMetadataTarget {
    private ArrowMetadataTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length > Settings.LENGTH) {
            byte[] file = ArchiveParts.archive(FileParts.members(data, Settings.LENGTH));
            Opening.frame(file, 0, Settings.of(data));
        }
    }
}
