package org.arrownpz.npz;

/**
 * A member of an archive as its directory states it, checked against the rest of the archive as far as that was read.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param name the member's name
 * @param key NumPy's key: the name without one {@code .npy}
 * @param method 0 for stored, 8 for deflated; members of other methods are listed but not read
 * @param size bytes of the content
 * @param compressedSize bytes that the content takes in the file
 * @param crc the content's CRC-32, unsigned
 * @param encrypted whether the content is encrypted, and therefore not read
 * @param localHeaderOffset file offset of the member's local header
 */
public record NpzEntry(
        String name,
        String key,
        int method,
        long size,
        long compressedSize,
        long crc,
        boolean encrypted,
        long localHeaderOffset) {
    /** Whether the content lies in the file as it is, so that it can be mapped. */
    public boolean stored() {
        return method == 0 && !encrypted;
    }

    /** Whether this is an entry for a folder, without content. */
    public boolean directory() {
        return name.endsWith("/");
    }

    /** Whether the name ends in {@code .npy}, as the members do that NumPy and StaticFrame write for arrays. */
    public boolean npy() {
        return name.length() != key.length();
    }
}
