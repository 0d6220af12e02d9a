package org.arrownpz.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.event.EmptyLists;
import org.arrownpz.event.Events;
import org.arrownpz.event.KeyEncoding;
import org.arrownpz.event.UnpackSpec;
import org.arrownpz.event.Unpacked;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a frame that holds Arrow buffers: core puts them together once, as views of the file, and batches are
 * windows onto them. Unpacked, lists give way to their elements, and the other columns are run-end encoded over the
 * lists' offsets.
 */
final class FrameColumns implements FileColumns {
    private final Frame frame;
    private final @Nullable Unpacked unpacked;
    private final Columns columns;
    private final List<FieldVector> vectors;
    private final long rows;

    private FrameColumns(
            Frame frame, @Nullable Unpacked unpacked, Columns columns, List<FieldVector> vectors, long rows) {
        this.frame = frame;
        this.unpacked = unpacked;
        this.columns = columns;
        this.vectors = vectors;
        this.rows = rows;
    }

    static FrameColumns open(
            BufferAllocator allocator,
            NpzPath path,
            @Nullable HadoopChannel channel,
            ReadOptions options,
            Head head,
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
            // Without a list nobody knows how often a key is repeated.
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
        Frame frame = channel == null
                ? Frames.open(allocator, path.local(), selection)
                : Frames.open(allocator, channel, selection);
        Unpacked unpacked = null;
        boolean done = false;
        try {
            if (frame.rowCount() != head.rows()) {
                throw Location.ofFile(path.text())
                        .fault(ErrorCode.FILE_CHANGED, "the file has another number of rows than before")
                        .expected(head.rows())
                        .found(frame.rowCount())
                        .exception();
            }
            VectorSchemaRoot root = frame.root();
            DictionaryProvider dictionaries = frame.dictionaries();
            if (unpack) {
                String[] lists = read.stream()
                        .filter(place -> isPacked(head.columns().get(place)))
                        .map(place -> frame.root()
                                .getVector(levels + read.indexOf(place))
                                .getName())
                        .toArray(String[]::new);
                if (lists.length > 0) {
                    unpacked = Events.unpack(frame, spec(lists));
                    root = unpacked.root();
                    dictionaries = unpacked.dictionaries();
                }
            }
            List<FieldVector> vectors = new ArrayList<>(wanted.length);
            for (int place : wanted) {
                vectors.add(root.getVector(place < levels ? place : levels + read.indexOf(place)));
            }
            FrameColumns columns = new FrameColumns(
                    frame, unpacked, new Columns(dictionaries, path.text()), vectors, root.getRowCount());
            done = true;
            return columns;
        } finally {
            if (!done) {
                close(unpacked, frame);
            }
        }
    }

    /** Whether unpacking explodes the column. */
    static boolean isPacked(Head.Column column) {
        return switch (column.field().getType().getTypeID()) {
            case List, LargeList -> column.field().getDictionary() == null;
            default -> false;
        };
    }

    private static UnpackSpec spec(String[] lists) {
        return UnpackSpec.explode(lists[0], Arrays.copyOfRange(lists, 1, lists.length))
                .keys(KeyEncoding.RUN_END)
                .emptyLists(EmptyLists.DROP);
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public ColumnVector[] read(long from, int count) throws NpzException {
        frame.checkUnchanged();
        ColumnVector[] batch = new ColumnVector[vectors.size()];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = columns.of(vectors.get(i), Math.toIntExact(from));
        }
        return batch;
    }

    @Override
    public void close() {
        close(unpacked, frame);
    }

    private static void close(@Nullable Unpacked unpacked, Frame frame) {
        if (unpacked != null) {
            unpacked.close();
        }
        frame.close();
    }
}
