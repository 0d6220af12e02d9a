package org.arrownpz.frame;

import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one file.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param kind {@code npy}, {@code npz}, {@code frame}, {@code frame-dir}, {@code bus} or {@code unknown}
 * @param level how much was checked
 * @param fault the first fault, or null when there is none
 */
public record Verification(
        String kind, Verify level, @Nullable NpzException fault) {
    /** Whether the file has no fault. */
    public boolean ok() {
        return fault == null;
    }
}
