package org.arrownpz.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A zip archive as an input spells it: sound in every checksum, length and offset, but for the fields that the input
 * overrides.
 *
 * <p>Each section but the last is a member: flags, the number of overrides, the overrides, the name up to a newline, and
 * the content. The last section is the end: flags, overrides, and the comment. An override is the number of a field, how
 * it is meant (0 replaces, 1 adds, 2 flips bits), and four bytes.
 */
final class ArchiveParts {
    static final int DEFLATED = 1;
    static final int DESCRIPTOR = 1 << 1;
    static final int CENTRAL_ZIP64 = 1 << 2;
    static final int LOCAL_ZIP64 = 1 << 3;
    static final int UTF8 = 1 << 4;
    static final int EXTRA = 1 << 5;
    static final int GAP = 1 << 6;
    /** Of the end: a ZIP64 end record. */
    static final int ZIP64 = 1;

    private static final int MOST_MEMBERS = 64;
    private static final int OVERRIDE = 6;
    private static final int MOST_OVERRIDES = 7;

    /** Widths of the fields of a record, in their order; a field's number is its place in here. */
    private static final int[] LOCAL = {4, 2, 2, 2, 4, 4, 4, 4, 2, 2};

    private static final int[] CENTRAL = {4, 2, 2, 2, 2, 4, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4};
    private static final int[] END = {4, 2, 2, 2, 2, 4, 4, 2};
    private static final int[] END_64 = {4, 8, 2, 2, 4, 4, 8, 8, 8, 8};
    private static final int[] LOCATOR = {4, 4, 8, 4};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int count;

    private ArchiveParts() {}

    /** The archive of an input, which begins there. */
    static byte[] archive(byte[] data, int from) {
        ArchiveParts archive = new ArchiveParts();
        List<byte[]> sections = Sections.split(data, from, MOST_MEMBERS);
        for (byte[] section : sections.subList(0, sections.size() - 1)) {
            archive.member(new Part(section));
        }
        archive.end(new Part(sections.get(sections.size() - 1)));
        return archive.out.toByteArray();
    }

    /** An archive of sound members. */
    static byte[] archive(List<Member> members) {
        ArchiveParts archive = new ArchiveParts();
        for (Member member : members) {
            archive.member(member.deflated ? DEFLATED : 0, new byte[0], member.name, member.content);
        }
        archive.end(new Part(new byte[2]));
        return archive.out.toByteArray();
    }

    record Member(byte[] name, byte[] content, boolean deflated) {}

    /** The section of a member without overrides. */
    static byte[] section(int flags, byte[] name, byte[] content) {
        ByteArrayOutputStream section = new ByteArrayOutputStream();
        section.write(flags);
        section.write(0);
        section.writeBytes(name);
        section.write('\n');
        section.writeBytes(content);
        return section.toByteArray();
    }

    /** A section: flags, overrides, and the rest. */
    private static final class Part {
        final int flags;
        final byte[] overrides;
        final byte[] rest;

        Part(byte[] section) {
            flags = section.length > 0 ? section[0] & 0xff : 0;
            int stated = section.length > 1 ? (section[1] & 0xff) % (MOST_OVERRIDES + 1) : 0;
            int end = Math.min(section.length, 2 + stated * OVERRIDE);
            int start = Math.min(section.length, 2);
            overrides = Arrays.copyOfRange(section, start, start + (end - start) / OVERRIDE * OVERRIDE);
            rest = Arrays.copyOfRange(section, end, section.length);
        }
    }

    private void member(Part part) {
        byte[] rest = part.rest;
        int end = 0;
        while (end < rest.length && rest[end] != '\n') {
            end++;
        }
        byte[] name = Arrays.copyOf(rest, end);
        byte[] content = Arrays.copyOfRange(rest, Math.min(end + 1, rest.length), rest.length);
        member(part.flags, part.overrides, name, content);
    }

    private void member(int flags, byte[] overrides, byte[] name, byte[] content) {
        byte[] stored = content;
        byte[] free = new byte[0];
        if ((flags & EXTRA) != 0 && content.length > 0) {
            int length = Math.min(content.length - 1, content[0] & 0xff);
            free = Arrays.copyOfRange(content, 1, 1 + length);
            stored = Arrays.copyOfRange(content, 1 + length, content.length);
        }
        CRC32 crc = new CRC32();
        crc.update(stored);
        int size = stored.length;
        byte[] packed = (flags & DEFLATED) != 0 ? deflated(stored) : stored;
        boolean descriptor = (flags & DESCRIPTOR) != 0;
        int bits = (descriptor ? 8 : 0) | ((flags & UTF8) != 0 ? 0x800 : 0);
        int method = (flags & DEFLATED) != 0 ? 8 : 0;
        if ((flags & GAP) != 0) {
            out.write(0);
        }
        int offset = out.size();
        boolean wide = (flags & LOCAL_ZIP64) != 0;
        byte[] extra = concat(wide ? zip64(size, packed.length) : new byte[0], free);
        out.writeBytes(record(
                LOCAL,
                overrides,
                0,
                0x04034b50,
                20,
                bits,
                method,
                0x210000,
                descriptor ? 0 : crc.getValue(),
                wide ? -1 : descriptor ? 0 : packed.length,
                wide ? -1 : descriptor ? 0 : size,
                name.length,
                extra.length));
        out.writeBytes(name);
        out.writeBytes(extra);
        out.writeBytes(packed);
        if (descriptor) {
            out.writeBytes(
                    record(new int[] {4, 4, 4, 4}, overrides, 0x30, 0x08074b50, crc.getValue(), packed.length, size));
        }
        wide = (flags & CENTRAL_ZIP64) != 0;
        extra = concat(wide ? zip64(size, packed.length, offset) : new byte[0], free);
        directory.writeBytes(record(
                CENTRAL,
                overrides,
                0x10,
                0x02014b50,
                20,
                20,
                bits,
                method,
                0x210000,
                crc.getValue(),
                wide ? -1 : packed.length,
                wide ? -1 : size,
                name.length,
                extra.length,
                0,
                0,
                0,
                0,
                wide ? -1 : offset));
        directory.writeBytes(name);
        directory.writeBytes(extra);
        count++;
    }

    private void end(Part part) {
        int start = out.size();
        out.writeBytes(directory.toByteArray());
        boolean wide = (part.flags & ZIP64) != 0;
        byte[] overrides = part.overrides;
        if (wide) {
            int end = out.size();
            out.writeBytes(record(
                    END_64, overrides, 0x10, 0x06064b50, 44, 45, 45, 0, 0, count, count, directory.size(), start));
            out.writeBytes(record(LOCATOR, overrides, 0x20, 0x07064b50, 0, end, 1));
        }
        out.writeBytes(record(
                END,
                overrides,
                0,
                0x06054b50,
                0,
                0,
                wide ? -1 : count,
                wide ? -1 : count,
                wide ? -1 : directory.size(),
                wide ? -1 : start,
                part.rest.length));
        out.writeBytes(part.rest);
    }

    private static byte[] zip64(long... values) {
        ByteBuffer extra = ByteBuffer.allocate(4 + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        extra.putShort((short) 1).putShort((short) (8 * values.length));
        for (long value : values) {
            extra.putLong(value);
        }
        return extra.array();
    }

    /** A record of these fields; overrides with numbers from {@code first} on are of this kind of record. */
    private static byte[] record(int[] widths, byte[] overrides, int first, long... values) {
        for (int i = 0; i < overrides.length; i += OVERRIDE) {
            int field = (overrides[i] & 0x3f) - first;
            if (field < 0 || field >= values.length) {
                continue;
            }
            int value =
                    ByteBuffer.wrap(overrides).order(ByteOrder.LITTLE_ENDIAN).getInt(i + 2);
            values[field] = switch (overrides[i + 1] & 3) {
                case 1 -> values[field] + value;
                case 2 -> values[field] ^ value;
                default -> value;
            };
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < widths.length; i++) {
            long value = values[i];
            for (int k = 0; k < widths[i]; k++) {
                out.write((int) (value >>> 8 * k));
            }
        }
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(1, true);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1024];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
