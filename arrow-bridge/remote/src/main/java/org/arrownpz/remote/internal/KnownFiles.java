package org.arrownpz.remote.internal;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Files that were looked at last, known for ten seconds, so that one look tells kind, size and end. Safe for use by several
 * threads.
 */
final class KnownFiles {
    private static final long FRESH_NANOS = 10_000_000_000L;
    /** A look that failed is not repeated at once: opening a file asks what it is several times. */
    private static final long FAILED_NANOS = 1_000_000_000L;

    private static final int MOST = 16;

    private final Map<URI, Look> looks = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Look> eldest) {
            return size() > MOST;
        }
    });

    private record Look(@Nullable HttpFile file, @Nullable NpzException fault, long until) {
        boolean isFresh() {
            return System.nanoTime() - until < 0 && (file == null || !file.isStale());
        }
    }

    /** @param location the URL in messages */
    HttpFile file(URI uri, Location location) throws NpzException {
        Look look = looks.get(uri);
        if (look == null || !look.isFresh()) {
            look = look(uri, location);
            looks.put(uri, look);
        }
        if (look.file == null) {
            throw Objects.requireNonNull(look.fault);
        }
        return look.file;
    }

    private static Look look(URI uri, Location location) {
        try {
            HttpFile file = new HttpFile(uri, location, Requests.Settings.DEFAULT);
            return new Look(file, null, System.nanoTime() + FRESH_NANOS);
        } catch (NpzException e) {
            return new Look(null, e, System.nanoTime() + FAILED_NANOS);
        }
    }

    void forget(URI uri) {
        looks.remove(uri);
    }
}
