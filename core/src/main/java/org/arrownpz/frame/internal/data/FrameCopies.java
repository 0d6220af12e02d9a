package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/** Deep copies of frames: every buffer is copied once, whatever the type. */
public final class FrameCopies {
    private FrameCopies() {}

    public static FrameParts copy(FrameParts frame) throws NpzException {
        return frame.data().guarded(() -> copied(frame));
    }

    private static FrameParts copied(FrameParts frame) throws NpzException {
        BufferAllocator allocator = frame.allocator();
        Location location = frame.data().location();
        int rows = Math.toIntExact(frame.rowCount());
        List<FieldVector> vectors = VectorSlices.copy(frame.vectors(), allocator, 0, rows, location);
        List<FieldVector> owned = new ArrayList<>(vectors);
        try (Rollback undo = Rollback.all(owned)) {
            DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
            for (Long id : frame.dictionaries().getDictionaryIds()) {
                Dictionary dictionary = frame.dictionaries().lookup(id);
                FieldVector values = dictionary.getVector();
                List<FieldVector> copy =
                        VectorSlices.copy(List.of(values), allocator, 0, values.getValueCount(), location);
                owned.addAll(copy);
                dictionaries.put(new Dictionary(copy.get(0), dictionary.getEncoding()));
            }
            FrameParts parts = frame.copy();
            CopyReport report = frame.copyReport();
            parts.copyReport(() -> report);
            parts.data(VectorData.borrowed(allocator, vectors, dictionaries, owned));
            return undo.commit(parts);
        }
    }
}
