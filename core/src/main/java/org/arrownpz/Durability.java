package org.arrownpz;

/** What a finished write guarantees. Both replace the target atomically. */
public enum Durability {
    /** Data and directory entry are forced to the disk before the call returns. */
    FSYNC,
    /** The target is replaced by rename only; a power failure may lose the new content. */
    RENAME_ONLY
}
