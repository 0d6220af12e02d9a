package org.arrownpz.npz.internal.zip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** An archive of stored members in memory, whose every field a test can bend. */
public final class Archive {
    private final List<Member> members = new ArrayList<>();
    private byte[] prefix = new byte[0];
    private byte[] beforeDirectory = new byte[0];
    private byte[] afterDirectory = new byte[0];
    private byte[] comment = new byte[0];
    private byte[] trailing = new byte[0];
    private boolean relativeOffsets;
    private boolean zip64;
    private int countError;

    private record Member(byte[] name, byte[] content, int flags, byte[] centralExtra, byte[] localExtra) {}

    public Archive member(String name, int... content) {
        return raw(name.getBytes(StandardCharsets.UTF_8), 0, new byte[0], new byte[0], content);
    }

    /** A member whose name bytes, flags and extra blocks are as given. */
    public Archive raw(byte[] name, int flags, byte[] centralExtra, byte[] localExtra, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) content[i];
        }
        members.add(new Member(name, bytes, flags, centralExtra, localExtra));
        return this;
    }

    /** Bytes before the first member; offsets may ignore them, as when something is put before a finished archive. */
    public Archive prefix(int length, boolean ignoredByOffsets) {
        prefix = new byte[length];
        relativeOffsets = ignoredByOffsets;
        return this;
    }

    public Archive gapBeforeDirectory(int length) {
        beforeDirectory = new byte[length];
        return this;
    }

    public Archive gapAfterDirectory(int length) {
        afterDirectory = new byte[length];
        return this;
    }

    public Archive comment(byte... bytes) {
        comment = bytes.clone();
        return this;
    }

    public Archive trailing(byte... bytes) {
        trailing = bytes.clone();
        return this;
    }

    public Archive zip64() {
        zip64 = true;
        return this;
    }

    public Archive countError(int error) {
        countError = error;
        return this;
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        out.writeBytes(prefix);
        int base = relativeOffsets ? prefix.length : 0;
        for (Member member : members) {
            CRC32 crc = new CRC32();
            crc.update(member.content);
            int offset = out.size() - base;
            out.writeBytes(le(30).putInt(0x04034b50)
                    .putShort((short) 20)
                    .putShort((short) member.flags)
                    .putInt(0)
                    .putShort((short) 0x21)
                    .putInt((int) crc.getValue())
                    .putInt(member.content.length)
                    .putInt(member.content.length)
                    .putShort((short) member.name.length)
                    .putShort((short) member.localExtra.length)
                    .array());
            out.writeBytes(member.name);
            out.writeBytes(member.localExtra);
            out.writeBytes(member.content);
            directory.writeBytes(le(46).putInt(0x02014b50)
                    .putShort((short) 20)
                    .putShort((short) 20)
                    .putShort((short) member.flags)
                    .putInt(0)
                    .putShort((short) 0x21)
                    .putInt((int) crc.getValue())
                    .putInt(member.content.length)
                    .putInt(member.content.length)
                    .putShort((short) member.name.length)
                    .putShort((short) member.centralExtra.length)
                    .putShort((short) 0)
                    .putInt(0)
                    .putInt(0)
                    .putInt(offset)
                    .array());
            directory.writeBytes(member.name);
            directory.writeBytes(member.centralExtra);
        }
        out.writeBytes(beforeDirectory);
        int start = out.size() - base;
        out.writeBytes(directory.toByteArray());
        out.writeBytes(afterDirectory);
        int count = members.size() + countError;
        if (zip64) {
            int end = out.size() - base;
            out.writeBytes(le(76).putInt(0x06064b50)
                    .putLong(44)
                    .putInt(45 | 45 << 16)
                    .putLong(0)
                    .putLong(count)
                    .putLong(count)
                    .putLong(directory.size())
                    .putLong(start)
                    .putInt(0x07064b50)
                    .putInt(0)
                    .putLong(end)
                    .putInt(1)
                    .array());
        }
        out.writeBytes(le(22).putInt(0x06054b50)
                .putInt(0)
                .putShort((short) (zip64 ? 0xffff : count))
                .putShort((short) (zip64 ? 0xffff : count))
                .putInt(zip64 ? -1 : directory.size())
                .putInt(zip64 ? -1 : start)
                .putShort((short) comment.length)
                .array());
        out.writeBytes(comment);
        out.writeBytes(trailing);
        return out.toByteArray();
    }

    private static ByteBuffer le(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
