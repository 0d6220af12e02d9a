package org.arrownpz.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named files in an input, for archives and directories. Each section is a file: what its content is (see the constants),
 * its name up to a newline, and the content.
 */
final class FileParts {
    /** The content as it is. */
    static final int RAW = 0;
    /** {@link NpyParts}, data as they are. */
    static final int NPY = 1;
    /** {@link NpyParts}, data as long as the header asks for. */
    static final int FITTED = 2;
    /** The same of NPY version 2, and 3. */
    static final int FITTED_2 = 3;

    static final int FITTED_3 = 4;
    /** The elements of an array of one dimension. */
    static final int BYTES = 5;

    static final int INTS = 6;
    static final int LONGS = 7;

    private static final int KINDS = 8;
    private static final int MOST_FILES = 64;
    /** In an archive, compressed. */
    private static final int DEFLATED = 1 << 3;

    private FileParts() {}

    /** The files of an input, in their order; of two with one name the later. */
    static Map<String, byte[]> files(byte[] data, int from) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (ArchiveParts.Member member : members(data, from)) {
            files.put(new String(member.name(), StandardCharsets.ISO_8859_1), member.content());
        }
        return files;
    }

    /** The files of an input as members of an archive. */
    static List<ArchiveParts.Member> members(byte[] data, int from) {
        List<ArchiveParts.Member> members = new ArrayList<>();
        for (byte[] section : Sections.split(data, from, MOST_FILES)) {
            if (section.length == 0) {
                continue;
            }
            int end = 1;
            while (end < section.length && section[end] != '\n') {
                end++;
            }
            byte[] rest = Arrays.copyOfRange(section, Math.min(end + 1, section.length), section.length);
            members.add(new ArchiveParts.Member(
                    Arrays.copyOfRange(section, 1, end), content(section[0], rest), (section[0] & DEFLATED) != 0));
        }
        return members;
    }

    private static byte[] content(int kind, byte[] rest) {
        return switch (kind & (KINDS - 1)) {
            case NPY -> NpyParts.file(1, rest, false);
            case FITTED -> NpyParts.file(1, rest, true);
            case FITTED_2 -> NpyParts.file(2, rest, true);
            case FITTED_3 -> NpyParts.file(3, rest, true);
            case BYTES -> NpyParts.array("|u1", 1, rest);
            case INTS -> NpyParts.array("<i4", 4, rest);
            case LONGS -> NpyParts.array("<i8", 8, rest);
            default -> rest;
        };
    }

    /** An input of files. Whole arrays become {@link NpyParts} or, in one dimension, their elements. */
    static byte[] input(Settings settings, Map<String, byte[]> files) {
        List<byte[]> sections = new ArrayList<>();
        files.forEach((name, content) -> sections.add(section(name, content)));
        return Sections.join(settings.bytes(), sections);
    }

    private static byte[] section(String name, byte[] content) {
        byte[] parts = NpyParts.parts(content);
        int kind = RAW;
        byte[] rest = content;
        if (parts != null) {
            int[] versions = {FITTED, FITTED_2, FITTED_3};
            kind = versions[content[6] - 1];
            rest = parts;
            if (content(kind, parts).length != content.length) {
                kind = NPY;
            }
            int data = 0;
            while (parts[data] != '\n') {
                data++;
            }
            byte[] elements = Arrays.copyOfRange(parts, data + 1, parts.length);
            int plain = plainKind(new String(parts, 0, data, StandardCharsets.ISO_8859_1));
            if (plain >= 0 && content(plain, elements).length == content.length) {
                kind = plain;
                rest = elements;
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(kind);
        out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
        out.writeBytes(rest);
        return out.toByteArray();
    }

    // Only where an Arrow buffer is stored: of other arrays, type and shape are what is to be changed.
    private static int plainKind(String header) {
        if (!header.matches(".*\"shape\": ?\\([0-9]+,\\).*")) {
            return -1;
        }
        if (header.contains("\"|u1\"")) {
            return BYTES;
        }
        return header.contains("\"<i4\"") ? INTS : header.contains("\"<i8\"") ? LONGS : -1;
    }
}
