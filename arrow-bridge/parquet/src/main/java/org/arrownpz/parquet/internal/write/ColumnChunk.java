package org.arrownpz.parquet.internal.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/** A leaf's values in a row group (parquet-format, parquet.thrift, "ColumnMetaData"). */
final class ColumnChunk implements AutoCloseable {
    private static final int DATA_PAGE = 0;
    private static final int DICTIONARY_PAGE = 2;
    private static final int RLE = 3;
    private static final int PAGE_ENTRIES = 1 << 17;
    /** Pages of fewer entries do not tell whether a dictionary pays. */
    private static final int LONG_PAGE_ENTRIES = 1 << 13;
    /** Pages of so many entries or bytes end within a row. */
    private static final int MAX_PAGE_ENTRIES = 1 << 23;

    private static final int MAX_PAGE_BYTES = 1 << 26;

    /** Rows and elements that are taken apart at a time. */
    private static final int ROWS = 1 << 15;

    private static final int ELEMENTS = 1 << 20;

    private final Leaf leaf;
    private final @Nullable BloomFilter filter;
    private final PageIndex index = new PageIndex();
    private final Limits limits;
    private final Workspace work;
    private final ChunkValues values;
    private final Shredder shredder;
    private final Pages pages;
    private final Bytes definitions = new Bytes();
    private final Bytes repetitions = new Bytes();
    private final TreeSet<Integer> encodings = new TreeSet<>(List.of(RLE));
    private final TreeSet<Integer> dataEncodings = new TreeSet<>();
    private long count;
    private long rows;
    private long nulls;
    private long plainBytes;

    /** The parts that the chunks of a file share, with room that is used between calls. */
    static final class Workspace {
        final Settings settings;
        final PageCodec codec;
        final DictionaryProvider dictionaries;
        final BufferAllocator allocator;
        final Location location;
        final Bytes page = new Bytes();
        final Bytes compressed = new Bytes();
        final Bytes finished = new Bytes();
        final Bytes window = new Bytes();
        /** Those that {@link #read} has read. */
        final long[] numbers = new long[ChunkValues.PIECE + 1];

        Workspace(Settings settings, DictionaryProvider dictionaries, BufferAllocator allocator, Location location) {
            this.settings = settings;
            this.codec = new PageCodec(settings.codec, settings.level);
            this.dictionaries = dictionaries;
            this.allocator = allocator;
            this.location = location;
        }

        /** Reads numbers that follow each other, a piece and one more at most; their bytes are in the window then. */
        void read(ArrowBuf buffer, long from, int count, int width, boolean unsigned) throws NpzException {
            window.size(count * width);
            byte[] bytes = window.array();
            SafeMemory.copy(buffer, from * width, ByteBuffer.wrap(bytes, 0, count * width), location);
            switch (width) {
                case 1 -> {
                    for (int i = 0; i < count; i++) {
                        numbers[i] = unsigned ? bytes[i] & 0xFF : bytes[i];
                    }
                }
                case Short.BYTES -> {
                    for (int i = 0; i < count; i++) {
                        int both = bytes[2 * i] & 0xFF | bytes[2 * i + 1] << Byte.SIZE;
                        numbers[i] = unsigned ? both & 0xFFFF : both;
                    }
                }
                case Integer.BYTES -> {
                    for (int i = 0; i < count; i++) {
                        numbers[i] = (int) Bytes.INT.get(bytes, i * Integer.BYTES);
                    }
                }
                default -> {
                    for (int i = 0; i < count; i++) {
                        numbers[i] = (long) Bytes.LONG.get(bytes, i * Long.BYTES);
                    }
                }
            }
        }
    }

    ColumnChunk(Leaf leaf, Workspace work) {
        this.leaf = leaf;
        this.work = work;
        this.limits = new Limits(leaf);
        this.filter = leaf.isNamed(work.settings.bloomFilters) ? new BloomFilter(leaf) : null;
        this.values = leaf.physical().isBytes() && !(leaf.type() instanceof ArrowType.FloatingPoint)
                ? new ByteValues(leaf, work, filter)
                : new NumberValues(leaf, work, filter);
        this.shredder = new Shredder(work.location);
        this.pages = new Pages(work.allocator, work.location);
    }

    /** Adds rows of the column. */
    void add(FieldVector column, int first, int last) throws NpzException {
        for (int row = first, end; row < last; row = end) {
            end = Math.min(last, row + ROWS);
            while (end - row > 1 && Shredder.elements(column, leaf, row, end) > ELEMENTS) {
                end = row + (end - row) / 2;
            }
            add(shredder.shred(column, leaf, row, end));
        }
    }

    private void add(FieldVector vector) throws NpzException {
        int total = shredder.count();
        for (int from = 0, end; from < total; from = end) {
            int to = Math.min(total, from + ChunkValues.PIECE);
            if (isFull()) {
                // A page ends with a row, unless that is far longer than a page.
                boolean tooLong = definitions.size() >= MAX_PAGE_ENTRIES || values.plain.size() >= MAX_PAGE_BYTES;
                boolean whole = shredder.isRowStart(from);
                if (tooLong || whole) {
                    endPage();
                    if (!whole) {
                        index.giveUp();
                    }
                } else {
                    to = shredder.rowStart(from, to);
                }
            }
            end = values.add(vector, shredder.start(), shredder.places(), from, to);
            shredder.putDefinitions(from, end, definitions);
            if (leaf.maxRepetition() > 0) {
                shredder.putRepetitions(from, end, repetitions);
            }
        }
    }

    private boolean isFull() {
        return definitions.size() >= PAGE_ENTRIES || values.isFull();
    }

    private void endPage() throws NpzException {
        int entries = definitions.size();
        Bytes page = work.page;
        page.clear();
        if (leaf.maxRepetition() > 0) {
            putLevels(repetitions, leaf.maxRepetition(), page);
        }
        long pageNulls = entries - count(definitions, leaf.maxDefinition());
        long pageRows = leaf.maxRepetition() == 0 ? entries : count(repetitions, 0);
        if (leaf.maxDefinition() > 0) {
            putLevels(definitions, leaf.maxDefinition(), page);
        }
        int encoding = values.endPage(page);
        ThriftStruct header =
                new ThriftStruct().i32(1, entries).i32(2, encoding).i32(3, RLE).i32(4, RLE);
        finish(page, DATA_PAGE, 5, header);
        Limits own = values.takeLimits();
        limits.add(own);
        index.add(pages.bytes(), work.finished.size(), rows, own, pageNulls, pageNulls == entries);
        pages.add(work.finished);
        encodings.add(encoding);
        dataEncodings.add(encoding);
        count += entries;
        nulls += pageNulls;
        rows += pageRows;
        definitions.clear();
        repetitions.clear();
    }

    /** Levels that are the given one. */
    private static int count(Bytes levels, int level) {
        byte[] array = levels.array();
        if (isOne(levels)) {
            return array[0] == (byte) level ? levels.size() : 0;
        }
        int found = 0;
        for (int i = 0; i < levels.size(); i++) {
            found += array[i] == (byte) level ? 1 : 0;
        }
        return found;
    }

    /** Whether all levels are the same. */
    private static boolean isOne(Bytes levels) {
        byte[] array = levels.array();
        return levels.size() > 0 && Arrays.equals(array, 0, levels.size() - 1, array, 1, levels.size());
    }

    private static void putLevels(Bytes levels, int max, Bytes out) {
        int count = levels.size();
        byte[] array = levels.array();
        int start = out.size();
        out.putInt(0);
        if (isOne(levels)) {
            HybridRuns.run(array[0] & 0xFF, count, HybridRuns.bits(max), out);
        } else {
            int[] numbers = new int[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = array[i] & 0xFF;
            }
            HybridRuns.encode(numbers, count, HybridRuns.bits(max), out);
        }
        Bytes.INT.set(out.array(), start, out.size() - start - Integer.BYTES);
    }

    /** Compresses a page, and puts its header with the checksum before it. */
    private void finish(Bytes page, int type, int field, ThriftStruct own) {
        work.compressed.clear();
        work.codec.compress(page, work.compressed);
        ThriftStruct header =
                new ThriftStruct().i32(1, type).i32(2, page.size()).i32(3, work.compressed.size());
        if (work.settings.checksums) {
            CRC32 checksum = new CRC32();
            checksum.update(work.compressed.array(), 0, work.compressed.size());
            header.i32(4, (int) checksum.getValue());
        }
        work.finished.clear();
        header.struct(field, own).writeTo(work.finished);
        plainBytes += work.finished.size() + (long) page.size();
        work.finished.put(work.compressed);
    }

    /** Bytes of the page that is not finished yet, and of the dictionary. */
    long openBytes() {
        return definitions.size() + repetitions.size() + values.openBytes();
    }

    /** Finishes the open page, between two rows, unless it is short. */
    void endLongPage() throws NpzException {
        if (definitions.size() >= LONG_PAGE_ENTRIES) {
            endPage();
        }
    }

    /** Bytes of the finished pages. */
    long bytes() {
        return pages.bytes();
    }

    /**
     * A chunk as it was written.
     *
     * @param data the footer's struct, with room for a filter's place
     * @param pages the place of the first page with values
     */
    record Written(
            ThriftStruct data,
            long pages,
            PageIndex index,
            @Nullable BloomFilter filter,
            FileEncoder.Column facts) {}

    /** Writes the chunk at a position of the file. */
    Written write(Pages.Output out, long position) throws IOException {
        if (definitions.size() > 0) {
            endPage();
        }
        long dictionaryBytes = writeDictionary(out);
        pages.writeTo(out);
        long bytes = dictionaryBytes + pages.bytes();
        ThriftStruct data = new ThriftStruct()
                .i32(1, leaf.physical().code())
                .i32s(2, encodings)
                .binaries(
                        3,
                        leaf.path().stream()
                                .map(part -> part.getBytes(StandardCharsets.UTF_8))
                                .toList())
                .i32(4, work.codec.code())
                .i64(5, count)
                .i64(6, plainBytes)
                .i64(7, bytes)
                .i64(9, position + dictionaryBytes);
        if (dictionaryBytes > 0) {
            data.i64(11, position);
        }
        if (work.settings.statistics) {
            data.struct(12, statistics());
        }
        long first = position + dictionaryBytes;
        FileEncoder.Column facts = new FileEncoder.Column(leaf.name(), count, nulls, bytes, plainBytes, dataEncodings);
        return new Written(data, first, index, filter, facts);
    }

    private long writeDictionary(Pages.Output out) throws IOException {
        Entries dictionary = values.dictionary();
        if (dictionary == null) {
            return 0;
        }
        Bytes page = work.page;
        page.clear();
        for (int entry = 0; entry < dictionary.count(); entry++) {
            values.putPlain(entry, page);
        }
        if (filter != null) {
            filter.add(page.array(), page.size());
        }
        ThriftStruct header = new ThriftStruct().i32(1, dictionary.count()).i32(2, Encodings.PLAIN);
        finish(page, DICTIONARY_PAGE, 7, header);
        encodings.add(Encodings.PLAIN);
        out.write(ByteBuffer.wrap(work.finished.array(), 0, work.finished.size()));
        return work.finished.size();
    }

    private ThriftStruct statistics() {
        byte[] min = limits.min();
        byte[] max = limits.max();
        ThriftStruct statistics = new ThriftStruct().i64(3, nulls);
        return min == null || max == null
                ? statistics
                : statistics.bytes(5, max).bytes(6, min).bool(7, true).bool(8, true);
    }

    @Override
    public void close() {
        pages.close();
    }
}
