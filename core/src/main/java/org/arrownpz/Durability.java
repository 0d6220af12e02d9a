package org.arrownpz;

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
