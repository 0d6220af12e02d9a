package org.arrownpz.parquet.internal.write;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Places of a chunk's pages, and their limits (parquet-format, PageIndex.md). Used by one thread. */
final class PageIndex {
    private static final byte[] NONE = {};
    private static final int UNORDERED = 0;
    private static final int ASCENDING = 1;
    private static final int DESCENDING = 2;

    private final List<Page> pages = new ArrayList<>();
    private boolean given = true;

    /** @param offset from the first page's start */
    private record Page(long offset, int length, long firstRow, Limits limits, long nulls, boolean empty) {}

    void add(long offset, int length, long firstRow, Limits limits, long nulls, boolean empty) {
        pages.add(new Page(offset, length, firstRow, limits, nulls, empty));
    }

    /** A page begins within a row: such have no index. */
    void giveUp() {
        given = false;
    }

    /** The pages' places, or null where there is no index. */
    @Nullable
    ThriftStruct offsets(long start) {
        List<ThriftStruct> places = new ArrayList<>();
        pages.forEach(page -> places.add(new ThriftStruct()
                .i64(1, start + page.offset)
                .i32(2, page.length)
                .i64(3, page.firstRow)));
        return given ? new ThriftStruct().structs(1, places) : null;
    }

    /** The pages' limits, or null where one does not have them. */
    @Nullable
    ThriftStruct limits() {
        List<byte[]> least = new ArrayList<>();
        List<byte[]> greatest = new ArrayList<>();
        boolean up = true;
        boolean down = true;
        Limits before = null;
        for (Page page : pages) {
            byte[] min = page.limits.min();
            byte[] max = page.limits.max();
            if (!page.empty && (min == null || max == null)) {
                return null;
            }
            least.add(page.empty || min == null ? NONE : min);
            greatest.add(page.empty || max == null ? NONE : max);
            if (before != null && !page.empty) {
                int first = before.compare(page.limits, false);
                int last = before.compare(page.limits, true);
                up &= first <= 0 && last <= 0;
                down &= first >= 0 && last >= 0;
            }
            before = page.empty ? before : page.limits;
        }
        return new ThriftStruct()
                .bools(1, pages.stream().map(Page::empty).toList())
                .binaries(2, least)
                .binaries(3, greatest)
                .i32(4, up ? ASCENDING : down ? DESCENDING : UNORDERED)
                .i64s(5, pages.stream().map(Page::nulls).toList());
    }
}
