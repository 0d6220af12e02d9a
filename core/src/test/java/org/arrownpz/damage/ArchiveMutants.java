package org.arrownpz.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** NPZ files that are nearly right: with unusual but allowed records, or wrong in one place. */
final class ArchiveMutants {
    private static final Charset CP437 = Charset.forName("IBM437");
    private static final String[] NAMES = {"a.npy", "b.npy", "c", "arr_0.npy", "x/y.npy", "a.b.npy", "note.txt", "é.npy"
    };
    private static final String[] ODD_NAMES = {
        "", "../a.npy", "/a.npy", "a\\b.npy", "C:a.npy", "a\0b.npy", ".npy", "a.npy.npy", "a", "A.npy", "a.npy", "b",
        "dir/", "x/../y.npy", "./a.npy", "x//y.npy", " a.npy", "a.NPY", "価.npy", "..", ".", "a\n.npy", "con.npy", "~"
    };

    private final Dice dice;
    private final List<Seed> files;
    private final ArrayMutants arrays;

    ArchiveMutants(Random random, List<Seed> files, ArrayMutants arrays) {
        this.dice = new Dice(random);
        this.files = files;
        this.arrays = arrays;
    }

    byte[] next() {
        if (dice.in(4)) {
            byte[] file = files.get(dice.below(files.size())).bytes().clone();
            for (int i = dice.below(2); i >= 0; i--) {
                int at =
                        dice.in(2) ? dice.below(file.length) : file.length - 1 - dice.below(Math.min(150, file.length));
                file[at] = dice.in(2) ? (byte) (file[at] ^ 1 << dice.below(8)) : (byte) dice.below(256);
            }
            return dice.in(8) ? Arrays.copyOf(file, dice.below(file.length + 9)) : file;
        }
        ZipForge zip = new ZipForge();
        int count = dice.in(15) ? 0 : 1 + dice.below(3);
        for (int i = 0; i < count; i++) {
            zip.members.add(member(dice.in(8) ? dice.any(ODD_NAMES) : NAMES[(i * 3 + dice.below(3)) % NAMES.length]));
        }
        for (int faults = dice.in(2) ? 0 : 1 + dice.below(2); faults > 0; faults--) {
            if (count == 0 || dice.in(3)) {
                bend(zip);
            } else {
                bend(zip.members.get(dice.below(count)), zip);
            }
        }
        return zip.bytes();
    }

    private ZipForge.Member member(String name) {
        boolean ascii = name.chars().allMatch(c -> c < 128);
        boolean old = !ascii && CP437.newEncoder().canEncode(name) && dice.in(2);
        ZipForge.Member member = new ZipForge.Member(
                name.getBytes(old ? CP437 : StandardCharsets.UTF_8), dice.in(12) ? noise() : arrays.member());
        member.flags = (ascii ? dice.in(4) : !old) ? 0x800 : 0;
        member.method = dice.in(3) ? 8 : 0;
        member.wideSizes = dice.in(3);
        if (dice.in(4)) {
            member.flags |= 8;
            member.wideSizes = false;
            member.signedDescriptor = dice.random().nextBoolean();
            member.wideDescriptor = dice.in(3);
        }
        if (dice.in(3)) {
            byte[] padding = new byte[dice.below(70)];
            member.localExtra = field(0xD935, padding);
        }
        if (dice.in(8)) {
            member.centralExtra = field(0x5455, new byte[5]);
        }
        if (dice.in(9)) {
            member.comment = "comment".getBytes(StandardCharsets.US_ASCII);
        }
        return member;
    }

    private byte[] noise() {
        byte[] bytes = new byte[dice.below(40)];
        dice.random().nextBytes(bytes);
        return bytes;
    }

    private static byte[] field(int id, byte[] data) {
        return ByteBuffer.allocate(4 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) id)
                .putShort((short) data.length)
                .put(data)
                .array();
    }

    private int small() {
        int change = 1 + dice.below(4);
        return dice.in(2) ? change : -change;
    }

    private void bend(ZipForge zip) {
        switch (dice.below(11)) {
            case 0 -> zip.prefix = noise();
            case 1 -> zip.comment = noise();
            case 2 -> zip.trailing = noise();
            case 3 -> zip.zip64 = true;
            case 4 -> zip.reversedDirectory = true;
            case 5 -> zip.countError = small();
            case 6 -> zip.offsetError = small();
            case 7 -> zip.sizeError = small();
            case 8 -> zip.commentError = small();
            case 9 -> zip.comment = new ZipForge().bytes();
            default -> {
                zip.zip64 = true;
                zip.countError = small();
            }
        }
    }

    private void bend(ZipForge.Member member, ZipForge zip) {
        switch (dice.below(21)) {
            case 0 -> member.crcChange = small();
            case 1 -> member.localCrcChange = small();
            case 2 -> member.sizeChange = small();
            case 3 -> member.compressedSizeChange = small();
            case 4 -> member.localSizeChange = small();
            case 5 -> member.offsetChange = small();
            case 6 -> member.flags ^= 1 << dice.below(16);
            case 7 -> member.localFlagsChange = 1 << dice.below(16);
            case 8 -> member.writtenMethod = new int[] {0, 8, 1, 9, 12, 14, 93, 95, 99, 65535}[dice.below(10)];
            case 9 -> member.version = new int[] {0, 10, 45, 46, 62, 63, 64, 99, 255, 65535}[dice.below(10)];
            case 10 -> member.disk = 1;
            case 11 -> member.localName = "other.npy".getBytes(StandardCharsets.US_ASCII);
            case 12 -> member.gap = noise();
            case 13 -> member.localExtra = noise();
            case 14 -> member.centralExtra = noise();
            case 15 -> member.centralExtra = field(1, noise());
            case 16 -> member.centralExtra = field(1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            case 17 -> zip.members.add(new ZipForge.Member(member.name, member.content));
            case 18 -> member.name = noise();
            case 19 -> {
                member.name = noise();
                member.localName = member.name;
            }
            default -> member.offsetChange = -dice.below(200);
        }
    }
}
