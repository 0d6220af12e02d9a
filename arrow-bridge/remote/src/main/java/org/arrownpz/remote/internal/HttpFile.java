package org.arrownpz.remote.internal;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * A file behind a server as it was when it was first asked for: what was fetched last is kept, and what is announced is
 * fetched with what is missed, several ranges at a time. Safe for use by several threads.
 */
final class HttpFile {
    /** The first request: the end record and the directory of most archives. */
    static final int TAIL = 64 << 10;
    /** A miss that nothing announced fetches so much, for headers lie close to one another. */
    static final int AHEAD = 64 << 10;
    /** Longer gaps cost more than the requests they save, of which eight are in flight (20 ms each, measured). */
    private static final int GAP = 128 << 10;
    /** One range of what is kept. */
    private static final int PIECE = 1 << 20;
    /** Longer reads go past what is kept, in as many ranges as may be in flight, of at most the second bound. */
    private static final int DIRECT = 4 << 20;

    private static final int MAX_PIECE = 16 << 20;

    private final Requests.Settings settings;
    private final Requests requests;
    /** By their first byte; these and what is announced are guarded by this. */
    private final TreeMap<Long, Extent> kept = new TreeMap<>();

    private final ArrayDeque<Long> order = new ArrayDeque<>();
    private long keptBytes;
    /** Ends by starts: disjoint, and further from each other than the gap. */
    private final TreeMap<Long, Long> announced = new TreeMap<>();

    private record Extent(long start, byte[] bytes) {
        long end() {
            return start + bytes.length;
        }
    }

    private static long end(Map.@Nullable Entry<Long, Extent> entry) {
        return entry == null ? -1 : entry.getValue().end();
    }

    /** Asks the server for the end of the file. */
    HttpFile(URI uri, Location location, Requests.Settings settings) throws NpzException {
        this.settings = settings;
        this.requests = new Requests(uri, location, settings);
        ByteBuffer tail = requests.open(TAIL);
        if (tail.position() > 0) {
            keep(new Extent(size() - tail.position(), tail.array()));
        }
    }

    long size() {
        return requests.size();
    }

    Location location() {
        return requests.location();
    }

    /** Whether the server has another file by now, so that this one is of no use to who opens it again. */
    boolean isStale() {
        return requests.isStale();
    }

    String traffic() {
        return requests.traffic();
    }

    synchronized void expect(long offset, long length) {
        if (length == 0) {
            return;
        }
        long start = offset;
        long end = offset + length;
        Map.Entry<Long, Long> near = announced.floorEntry(end + GAP);
        while (near != null && near.getValue() >= start - GAP) {
            start = Math.min(start, near.getKey());
            end = Math.max(end, near.getValue());
            announced.remove(near.getKey());
            near = announced.floorEntry(end + GAP);
        }
        announced.put(start, end);
    }

    /** Fills a buffer from bytes that are in the file. */
    void read(long offset, ByteBuffer target) throws NpzException {
        long at = offset;
        while (target.hasRemaining()) {
            Extent extent = find(at);
            if (extent == null && target.remaining() > DIRECT) {
                requests.fetch(direct(at, target));
                target.position(target.limit());
                return;
            }
            if (extent == null) {
                extent = fetch(at, target.remaining());
            }
            int from = (int) (at - extent.start);
            int count = Math.min(target.remaining(), extent.bytes.length - from);
            target.put(extent.bytes, from, count);
            at += count;
        }
    }

    private List<Requests.Range> direct(long at, ByteBuffer target) {
        int all = target.remaining();
        int piece = Math.max(PIECE, Math.min(MAX_PIECE, all / settings.parallel()));
        List<Requests.Range> ranges = new ArrayList<>();
        for (int done = 0; done < all; done += piece) {
            ByteBuffer part = target.slice(target.position() + done, Math.min(piece, all - done));
            ranges.add(new Requests.Range(at + done, part));
        }
        return ranges;
    }

    private synchronized @Nullable Extent find(long at) {
        Map.Entry<Long, Extent> entry = kept.floorEntry(at);
        return entry != null && at < end(entry) ? entry.getValue() : null;
    }

    /** Of extents, none is within another, so that the last one that begins before a byte holds it if any does. */
    private synchronized void keep(Extent extent) {
        if (extent.end() <= end(kept.floorEntry(extent.start))) {
            return;
        }
        Map.Entry<Long, Extent> next = kept.ceilingEntry(extent.start);
        while (next != null && end(next) <= extent.end()) {
            keptBytes -= next.getValue().bytes.length;
            kept.remove(next.getKey());
            next = kept.higherEntry(next.getKey());
        }
        kept.put(extent.start, extent);
        keptBytes += extent.bytes.length;
        order.add(extent.start);
        while (keptBytes > settings.cacheBytes() && order.size() > 1) {
            Extent oldest = kept.remove(order.remove());
            keptBytes -= oldest == null ? 0 : oldest.bytes.length;
        }
    }

    /** Fetches at least the first byte of a stretch, and gives the extent that holds it. */
    private Extent fetch(long at, int needed) throws NpzException {
        List<Requests.Range> ranges = missing(at, Math.min(size(), at + Math.max(needed, AHEAD)));
        requests.fetch(ranges);
        List<Extent> extents = ranges.stream()
                .map(range -> new Extent(range.offset(), range.target().array()))
                .toList();
        extents.forEach(this::keep);
        return extents.get(0);
    }

    private synchronized List<Requests.Range> missing(long at, long end) {
        List<Requests.Range> ranges = new ArrayList<>();
        Map.Entry<Long, Long> next = announced.floorEntry(at);
        if (next == null || next.getValue() <= at) {
            ranges.add(range(at, end));
            return ranges;
        }
        long from = at;
        while (next != null && ranges.size() < settings.parallel()) {
            announced.remove(next.getKey());
            long stop = next.getValue();
            while (from < stop && ranges.size() < settings.parallel()) {
                Extent known = find(from);
                if (known == null) {
                    ranges.add(range(from, Math.min(stop, from + PIECE)));
                    from += PIECE;
                } else {
                    from = known.end();
                }
            }
            if (from < stop) {
                announced.put(from, stop);
            }
            next = announced.ceilingEntry(from);
            from = next == null ? from : next.getKey();
        }
        return ranges;
    }

    private static Requests.Range range(long start, long end) {
        return new Requests.Range(start, ByteBuffer.allocate((int) (end - start)));
    }
}
