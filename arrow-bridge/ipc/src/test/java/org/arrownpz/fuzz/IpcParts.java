package org.arrownpz.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;

/**
 * An IPC file or stream as sections: the footer (of a file), then for each message its metadata and its body. Prefixes
 * and padding are made; body lengths and the footer's blocks are set to what is true, where that is wanted.
 */
final class IpcParts {
    static final int FILE = 1;
    /** Body lengths and blocks are made true. */
    static final int MENDED = 2;
    /** A stream with its end mark. */
    static final int ENDED = 4;

    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final int ALIGNMENT = 8;
    private static final int MOST_SECTIONS = 64;
    private static final int MESSAGE_HEADER_TYPE = 6;
    private static final int MESSAGE_BODY_LENGTH = 10;
    private static final int DICTIONARY = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<long[]> dictionaries = new ArrayList<>();
    private final List<long[]> batches = new ArrayList<>();

    private IpcParts() {}

    static byte[] bytes(int form, byte[] data, int from) {
        IpcParts parts = new IpcParts();
        List<byte[]> sections = Sections.split(data, from, MOST_SECTIONS);
        boolean file = (form & FILE) != 0;
        if (file) {
            parts.out.writeBytes(Arrays.copyOf(MAGIC, ALIGNMENT));
        }
        for (int i = 1; i < sections.size(); i += 2) {
            byte[] body = i + 1 < sections.size() ? sections.get(i + 1) : new byte[0];
            parts.message(sections.get(i), body, (form & MENDED) != 0, i == 1);
        }
        if (file || (form & ENDED) != 0) {
            parts.out.writeBytes(little(8).putInt(-1).putInt(0).array());
        }
        if (file) {
            byte[] footer = sections.get(0);
            if ((form & MENDED) != 0) {
                parts.mend(footer);
            }
            parts.out.writeBytes(footer);
            parts.out.writeBytes(little(4).putInt(footer.length).array());
            parts.out.writeBytes(MAGIC);
        }
        return parts.out.toByteArray();
    }

    private void message(byte[] metadata, byte[] body, boolean mended, boolean first) {
        byte[] padded = Arrays.copyOf(body, padded(body.length));
        byte[] table = Arrays.copyOf(metadata, padded(metadata.length));
        if (mended) {
            int length = field(table, MESSAGE_BODY_LENGTH, Long.BYTES);
            if (length >= 0) {
                ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putLong(length, padded.length);
            }
        }
        long[] block = {out.size(), table.length + 8L, padded.length};
        out.writeBytes(little(8).putInt(-1).putInt(table.length).array());
        out.writeBytes(table);
        out.writeBytes(padded);
        if (!first) {
            int type = field(table, MESSAGE_HEADER_TYPE, 1);
            (type >= 0 && table[type] == DICTIONARY ? dictionaries : batches).add(block);
        }
    }

    /** Where a field of the table at the root lies, or -1. */
    private static int field(byte[] table, int slot, int width) {
        ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int root = bytes.getInt(0);
            int vtable = root - bytes.getInt(root);
            int offset = slot < bytes.getShort(vtable) ? bytes.getShort(vtable + slot) : 0;
            int at = root + offset;
            return offset > 0 && at >= 0 && at + width <= table.length ? at : -1;
        } catch (IndexOutOfBoundsException e) {
            return -1;
        }
    }

    private void mend(byte[] footer) {
        try {
            Footer table = Footer.getRootAsFooter(ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN));
            for (int i = 0; i < Math.min(table.dictionariesLength(), dictionaries.size()); i++) {
                mend(footer, table.dictionaries(i), dictionaries.get(i));
            }
            for (int i = 0; i < Math.min(table.recordBatchesLength(), batches.size()); i++) {
                mend(footer, table.recordBatches(i), batches.get(i));
            }
        } catch (RuntimeException e) {
            // No footer that could be mended: as it is, then.
        }
    }

    private static void mend(byte[] footer, Block block, long[] truth) {
        // Readers of flatbuffers tell values, not places: the place is where the three values are.
        ByteBuffer bytes = ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 24 <= footer.length; at += 4) {
            if (bytes.getLong(at) == block.offset()
                    && bytes.getInt(at + 8) == block.metaDataLength()
                    && bytes.getLong(at + 16) == block.bodyLength()) {
                bytes.putLong(at, truth[0]).putInt(at + 8, (int) truth[1]).putLong(at + 16, truth[2]);
                return;
            }
        }
    }

    /** The sections of a sound file or stream, or null where it is none. */
    static List<byte[]> sections(byte[] whole) {
        ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        boolean file = isFile(whole);
        List<byte[]> sections = new ArrayList<>();
        try {
            byte[] footer = new byte[0];
            if (file) {
                int length = bytes.getInt(whole.length - MAGIC.length - 4);
                int end = whole.length - MAGIC.length - 4;
                footer = Arrays.copyOfRange(whole, end - length, end);
            }
            sections.add(footer);
            int at = file ? ALIGNMENT : 0;
            while (at + 8 <= whole.length && bytes.getInt(at) == -1 && bytes.getInt(at + 4) != 0) {
                int start = at + 8;
                int end = start + bytes.getInt(at + 4);
                byte[] metadata = Arrays.copyOfRange(whole, start, end);
                long body = Message.getRootAsMessage(ByteBuffer.wrap(metadata).order(ByteOrder.LITTLE_ENDIAN))
                        .bodyLength();
                at = Math.toIntExact(end + body);
                sections.add(metadata);
                sections.add(Arrays.copyOfRange(whole, end, at));
            }
            return sections;
        } catch (RuntimeException e) {
            return null;
        }
    }

    static boolean isFile(byte[] whole) {
        return whole.length > 2 * ALIGNMENT && Arrays.equals(whole, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private static int padded(int length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
