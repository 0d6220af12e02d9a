package org.arrownpz.spark.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.BaseListVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.event.Events;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.EmptyLists;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.spark.internal.column.Columns;
import org.arrownpz.spark.internal.read.NpzSource.FileColumns;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a frame that holds Arrow buffers: core puts them together once, as views of the file, and batches are
 * windows onto them that move on; what has to be converted is, a batch at a time. Unpacked, lists give way to their elements, and the other columns are run-end encoded
 * over the lists' offsets.
 */
public final class FrameColumns implements FileColumns {
    private final Frame frame;
    private final @Nullable Unpacked unpacked;
    private final Columns kinds;
    /** Windows; null where {@link #converted} has the column, at the position in {@link #positions}. */
    private final @Nullable ColumnVector[] columns;

    private final @Nullable Frame converted;
    private final int[] positions;
    private final @Nullable BaseListVector list;

    private final long bytes;
    private @Nullable Frame batch;

    private FrameColumns(
            Frame frame,
            @Nullable Unpacked unpacked,
            Columns kinds,
            @Nullable ColumnVector[] columns,
            @Nullable Frame converted,
            int[] positions,
            @Nullable BaseListVector list,
            long bytes) {
        this.bytes = bytes;
        this.frame = frame;
        this.unpacked = unpacked;
        this.kinds = kinds;
        this.columns = columns;
        this.converted = converted;
        this.positions = positions;
        this.list = list;
    }

    static FrameColumns open(
            BufferAllocator allocator,
            NpzPath path,
            NpzFile archive,
            ReadOptions options,
            FrameSummary head,
            int[] wanted,
            boolean unpack)
            throws NpzException {
        int levels = head.indexLevels();
        // Index levels come along anyway; columns in the order in which core gives them.
        List<Integer> read = new ArrayList<>();
        for (int place : wanted) {
            if (place >= levels) {
                read.add(place);
            }
        }
        if (unpack && read.stream().noneMatch(place -> isPacked(head.columns().get(place)))) {
            // Without a list it is unknown how often a key is repeated.
            for (int place = levels; place < head.columns().size(); place++) {
                if (isPacked(head.columns().get(place))) {
                    read.add(place);
                    break;
                }
            }
        }
        if (read.isEmpty() && head.columns().size() > levels) {
            // Core selects at least one column.
            read.add(levels);
        }
        List<Integer> positions = read.stream().map(place -> place - levels).toList();
        ReadOptions selection = positions.isEmpty() ? options : options.withPositions(positions);
        Frame frame = Frames.open(allocator, archive, selection);
        Unpacked unpacked = null;
        Frame converted = null;
        boolean done = false;
        try {
            if (frame.rowCount() != head.rows()) {
                throw Location.ofFile(path.text())
                        .error(ErrorCode.FILE_CHANGED, "the file has another number of rows than before")
                        .expected(head.rows())
                        .found(frame.rowCount())
                        .build();
            }
            DictionaryProvider dictionaries = frame.dictionaries();
            BaseListVector list = null;
            if (unpack) {
                List<String> names = frame.columnNames();
                String[] lists = read.stream()
                        .filter(place -> isPacked(head.columns().get(place)))
                        .map(place -> names.get(read.indexOf(place)))
                        .toArray(String[]::new);
                if (lists.length > 0) {
                    list = (BaseListVector) frame.column(lists[0]);
                    unpacked = Events.unpack(frame, spec(lists));
                    dictionaries = unpacked.dictionaries();
                }
            }
            Columns columns = new Columns(dictionaries, path.text());
            ColumnVector[] chosen = new ColumnVector[wanted.length];
            int[] places = new int[wanted.length];
            Set<String> copied = new LinkedHashSet<>();
            List<CopyReport.Column> report = frame.copyReport().columns();
            long bytes = 0;
            for (int i = 0; i < chosen.length; i++) {
                int place = wanted[i];
                int position = place < levels ? place : levels + read.indexOf(place);
                CopyReport.Column known = report.get(position);
                if (place >= levels && unpacked == null && !known.isRead() && known.reason() != null) {
                    places[i] = levels + copied.size();
                    copied.add(known.name());
                    bytes += bytes(head, head.columns().get(place));
                    continue;
                }
                // Only what is wanted is made: index levels that are not cost nothing.
                bytes += frame.column(position).getBufferSize();
                FieldVector vector = unpacked == null
                        ? frame.column(position)
                        : unpacked.root().getVector(position);
                chosen[i] = columns.of(vector, 0);
            }
            if (!copied.isEmpty()) {
                converted = frame.select(copied.toArray(String[]::new));
            }
            FrameColumns all = new FrameColumns(frame, unpacked, columns, chosen, converted, places, list, bytes);
            done = true;
            return all;
        } finally {
            if (!done) {
                close(unpacked, converted, frame);
            }
        }
    }

    /** The bytes of a column of an array, about. */
    private static long bytes(FrameSummary head, FrameSummary.Column column) {
        for (FrameSummary.Member member : head.members()) {
            NpyHeader header = member.header();
            if (header != null && member.name().equals(column.member())) {
                boolean block = header.shape().dimensions() == 2;
                return header.dataLength() / Math.max(1, block ? header.shape().length(1) : 1);
            }
        }
        return 0;
    }

    /** Whether unpacking explodes the column. */
    public static boolean isPacked(FrameSummary.Column column) {
        return switch (column.messageField().getType().getTypeID()) {
            case List, LargeList -> column.messageField().getDictionary() == null;
            default -> false;
        };
    }

    private static UnpackSpec spec(String[] lists) {
        return UnpackSpec.explode(lists[0], Arrays.copyOfRange(lists, 1, lists.length))
                .keys(KeyEncoding.RUN_END)
                .emptyLists(EmptyLists.DROP);
    }

    @Override
    public long position(long row) {
        BaseListVector lengths = list;
        if (lengths == null) {
            return row;
        }
        long elements = 0;
        for (int i = 0; i < row; i++) {
            if (!lengths.isNull(i)) {
                elements += lengths.getElementEndIndex(i) - lengths.getElementStartIndex(i);
            }
        }
        return elements;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public ColumnVector[] read(long from, int count) throws NpzException {
        frame.checkUnchanged();
        ColumnVector[] read = new ColumnVector[columns.length];
        Frame slice = converted == null ? null : converted.slice(from, count);
        close(null, batch, null);
        batch = slice;
        for (int i = 0; i < read.length; i++) {
            ColumnVector window = columns[i];
            if (window == null) {
                read[i] = kinds.of(Objects.requireNonNull(slice).column(positions[i]), 0);
            } else {
                Columns.move(window, Math.toIntExact(from));
                read[i] = window;
            }
        }
        return read;
    }

    @Override
    public void close() {
        close(null, batch, null);
        close(unpacked, converted, frame);
    }

    private static void close(@Nullable Unpacked unpacked, @Nullable Frame part, @Nullable Frame frame) {
        if (unpacked != null) {
            unpacked.close();
        }
        if (part != null) {
            part.close();
        }
        if (frame != null) {
            frame.close();
        }
    }
}
