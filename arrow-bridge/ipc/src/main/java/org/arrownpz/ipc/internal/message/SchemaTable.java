package org.arrownpz.ipc.internal.message;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Message;

/** A {@code Schema} table (Arrow's Schema.fbs), where places of its fields are wanted, which generated classes keep. */
final class SchemaTable extends Table {
    private static final int SCHEMA_OF_FOOTER = 6;
    private static final int FIELDS = 6;

    private int fields;

    private SchemaTable() {}

    /** The schema of the footer that the buffer begins with, which has one. */
    static SchemaTable ofFooter(ByteBuffer bytes) {
        SchemaTable table = new SchemaTable();
        int start = bytes.position();
        table.__reset(start + bytes.getInt(start), bytes);
        table.__reset(table.__indirect(table.bb_pos + table.__offset(SCHEMA_OF_FOOTER)), bytes);
        return table.found();
    }

    /** The schema of a schema message, which has one. */
    static SchemaTable ofMessage(Message message) {
        SchemaTable table = new SchemaTable();
        message.header(table);
        return table.found();
    }

    private SchemaTable found() {
        int at = __offset(FIELDS);
        fields = at == 0 ? 0 : __vector(at);
        return this;
    }

    /** The place of a field's table; the caller knows how many there are. */
    int field(int index) {
        return __indirect(fields + index * Integer.BYTES);
    }
}
