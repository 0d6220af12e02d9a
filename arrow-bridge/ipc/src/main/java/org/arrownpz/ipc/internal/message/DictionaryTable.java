package org.arrownpz.ipc.internal.message;

import com.google.flatbuffers.Table;
import org.apache.arrow.flatbuf.Message;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** The {@code DictionaryBatch} table of a message (Arrow's Message.fbs). */
public final class DictionaryTable extends Table {
    private final Message message;

    private DictionaryTable(Message message) {
        this.message = message;
    }

    public static DictionaryTable of(Message message, Location location, long offset) throws NpzException {
        DictionaryTable table = new DictionaryTable(message);
        try {
            if (message.header(table) == null || table.__offset(6) == 0) {
                throw Metadata.truncated(location, offset);
            }
            table.id();
            return table;
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, offset, e);
        }
    }

    public long id() {
        int at = __offset(4);
        return at == 0 ? 0 : bb.getLong(bb_pos + at);
    }

    public boolean isDelta() {
        int at = __offset(8);
        return at != 0 && bb.get(bb_pos + at) != 0;
    }

    /** The dictionary's values, as a batch of one column. */
    public BatchTable values(Location location, long offset) throws NpzException {
        try {
            return BatchTable.at(__indirect(bb_pos + __offset(6)), message, location, offset);
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, offset, e);
        }
    }
}
