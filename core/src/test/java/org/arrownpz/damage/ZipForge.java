package org.arrownpz.damage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** An archive whose every field can be set; what is not set is right. */
final class ZipForge {
    final List<Member> members = new ArrayList<>();
    byte[] prefix = {};
    byte[] comment = {};
    byte[] trailing = {};
    boolean zip64;
    boolean reversedDirectory;
    int countError;
    int offsetError;
    int sizeError;
    int commentError;

    /** A member; the differences are added to the true values where they are written. */
    static final class Member {
        byte[] name;
        byte[] localName;
        byte[] content;
        byte[] localExtra = {};
        byte[] centralExtra = {};
        byte[] comment = {};
        byte[] gap = {};
        int method;
        int writtenMethod = -1;
        int flags;
        int localFlagsChange;
        int version = 20;
        int disk;
        boolean wideSizes;
        boolean signedDescriptor = true;
        boolean wideDescriptor;
        int crcChange;
        int localCrcChange;
        int sizeChange;
        int compressedSizeChange;
        int localSizeChange;
        int offsetChange;
        private byte[] stored;
        private int crc;
        private int offset;

        Member(byte[] name, byte[] content) {
            this.name = name;
            this.localName = name;
            this.content = content;
        }

        private boolean streamed() {
            return (flags & 8) != 0;
        }

        private int writtenMethod() {
            return writtenMethod >= 0 ? writtenMethod : method;
        }
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(prefix);
        for (Member member : members) {
            pack(member);
            member.offset = out.size();
            local(member, out);
            out.writeBytes(member.stored);
            if (member.streamed()) {
                descriptor(member, out);
            }
            out.writeBytes(member.gap);
        }
        int start = out.size();
        for (int i = 0; i < members.size(); i++) {
            central(members.get(reversedDirectory ? members.size() - 1 - i : i), out);
        }
        end(out, start);
        out.writeBytes(comment);
        out.writeBytes(trailing);
        return out.toByteArray();
    }

    private static void pack(Member member) {
        CRC32 crc = new CRC32();
        crc.update(member.content);
        member.crc = (int) crc.getValue();
        member.stored = member.method == 8 ? deflated(member.content) : member.content;
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] target = new byte[content.length + 64];
        int length = deflater.deflate(target);
        deflater.end();
        return java.util.Arrays.copyOf(target, length);
    }

    private static void local(Member member, ByteArrayOutputStream out) {
        boolean streamed = member.streamed();
        int size = streamed ? 0 : member.content.length + member.sizeChange + member.localSizeChange;
        int compressed = streamed ? 0 : member.stored.length + member.compressedSizeChange;
        byte[] extra = member.localExtra;
        if (member.wideSizes) {
            extra = le(20 + extra.length)
                    .putShort((short) 1)
                    .putShort((short) 16)
                    .putLong(size)
                    .putLong(compressed)
                    .put(extra)
                    .array();
        }
        out.writeBytes(le(30).putInt(0x04034b50)
                .putShort((short) member.version)
                .putShort((short) (member.flags ^ member.localFlagsChange))
                .putShort((short) member.writtenMethod())
                .putInt(0x21 << 16)
                .putInt(streamed ? 0 : member.crc + member.crcChange + member.localCrcChange)
                .putInt(member.wideSizes ? -1 : compressed)
                .putInt(member.wideSizes ? -1 : size)
                .putShort((short) member.localName.length)
                .putShort((short) extra.length)
                .array());
        out.writeBytes(member.localName);
        out.writeBytes(extra);
    }

    private static void descriptor(Member member, ByteArrayOutputStream out) {
        if (member.signedDescriptor) {
            out.writeBytes(le(4).putInt(0x08074b50).array());
        }
        out.writeBytes(le(4).putInt(member.crc + member.crcChange).array());
        long compressed = member.stored.length + member.compressedSizeChange;
        long size = member.content.length + member.sizeChange;
        out.writeBytes(
                member.wideDescriptor
                        ? le(16).putLong(compressed).putLong(size).array()
                        : le(8).putInt((int) compressed).putInt((int) size).array());
    }

    private static void central(Member member, ByteArrayOutputStream out) {
        out.writeBytes(le(46).putInt(0x02014b50)
                .putShort((short) 20)
                .putShort((short) member.version)
                .putShort((short) member.flags)
                .putShort((short) member.writtenMethod())
                .putInt(0x21 << 16)
                .putInt(member.crc + member.crcChange)
                .putInt(member.stored.length + member.compressedSizeChange)
                .putInt(member.content.length + member.sizeChange)
                .putShort((short) member.name.length)
                .putShort((short) member.centralExtra.length)
                .putShort((short) member.comment.length)
                .putShort((short) member.disk)
                .putShort((short) 0)
                .putInt(0)
                .putInt(member.offset + member.offsetChange)
                .array());
        out.writeBytes(member.name);
        out.writeBytes(member.centralExtra);
        out.writeBytes(member.comment);
    }

    private void end(ByteArrayOutputStream out, int start) {
        int size = out.size() - start + sizeError;
        int count = members.size() + countError;
        int offset = start + offsetError;
        if (zip64) {
            int end = out.size();
            out.writeBytes(le(76).putInt(0x06064b50)
                    .putLong(44)
                    .putInt(45 | 45 << 16)
                    .putLong(0)
                    .putLong(count)
                    .putLong(count)
                    .putLong(size)
                    .putLong(offset)
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
                .putInt(zip64 ? -1 : size)
                .putInt(zip64 ? -1 : offset)
                .putShort((short) (comment.length + commentError))
                .array());
    }

    private static ByteBuffer le(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
