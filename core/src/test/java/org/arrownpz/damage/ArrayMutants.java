package org.arrownpz.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NPY files that are nearly right: spelled in unusual ways, or wrong in one place. */
final class ArrayMutants {
    private static final String LETTERS = " ',:(){}[]0123456789LuUSbfiOTV<>|=#\\\n\t\"";

    /** A type's letter and size, and the shape behind it. */
    private static final Pattern ITEM =
            Pattern.compile("([a-zA-Z])(\\d{1,6})(\\[[^']*\\])?['\"]+(?:,?\\s*\\((\\d{1,6}),?( \\d{1,6})?\\))?");

    private final Dice dice;
    private final HeaderMutants headers;
    private final List<Seed> files;

    ArrayMutants(Random random, List<Seed> files) {
        this.dice = new Dice(random);
        this.headers = new HeaderMutants(dice);
        this.files = files;
    }

    /** A file of one array. */
    byte[] next() {
        return dice.below(4) == 0 ? changed(files.get(dice.below(files.size())).bytes()) : made(false);
    }

    /** Mostly a sound file, as a member of an archive. */
    byte[] member() {
        return dice.below(8) == 0 ? next() : made(true);
    }

    /** A file with a few other bytes, most of them in what may be the header. */
    byte[] changed(byte[] file) {
        byte[] changed = file.clone();
        if (changed.length == 0) {
            return changed;
        }
        int end = Math.min(changed.length, 128);
        for (int i = dice.below(3); i >= 0; i--) {
            int at = dice.below(dice.in(5) ? changed.length : end);
            switch (dice.below(5)) {
                case 0 -> changed[at] ^= (byte) (1 << dice.below(8));
                case 1 -> changed[at] = (byte) dice.below(256);
                case 2 -> changed[at] = (byte) LETTERS.charAt(dice.below(LETTERS.length()));
                case 3 -> changed[at] = changed[dice.below(changed.length)];
                default -> changed[at]++;
            }
        }
        if (dice.in(6)) {
            changed = Arrays.copyOf(changed, dice.below(changed.length + 9));
        }
        return changed;
    }

    private byte[] made(boolean sound) {
        int odds = sound ? 1000 : 9;
        String descr = headers.descr(odds);
        int[] lengths = new int[dice.in(3) ? dice.below(4) : 1];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = dice.in(12) ? 0 : 1 + dice.below(4);
        }
        String text = headers.text(descr, lengths, odds);
        long size = dice.in(odds) ? dice.below(80) : dataLength(descr, lengths);
        return file(text, (int) Math.min(size, 1 << 16), odds);
    }

    /** What the array takes where the descr is a usual one, or some number. */
    private long dataLength(String descr, int[] lengths) {
        long count = 1;
        for (int length : lengths) {
            count *= length;
        }
        Matcher size = ITEM.matcher(descr);
        long bytes = 0;
        while (size.find()) {
            long item = Long.parseLong(size.group(2)) * (size.group(1).equals("U") ? 4 : 1);
            long inner = size.group(4) == null ? 1 : Long.parseLong(size.group(4));
            bytes += item
                    * inner
                    * (size.group(5) == null ? 1 : Long.parseLong(size.group(5).trim()));
        }
        return Math.max(0, Math.min(bytes, 4096) * count);
    }

    private byte[] file(String text, int dataLength, int odds) {
        int major = dice.in(odds * 4) ? dice.below(256) : dice.in(3) ? 1 + dice.below(3) : 1;
        boolean latin = text.chars().allMatch(c -> c < 256);
        Charset charset = major == 3 != dice.in(odds * 9) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        byte[] header = text.getBytes(latin ? charset : StandardCharsets.UTF_8);
        int prefix = major == 1 ? 10 : 12;
        int unit = dice.in(3) ? 1 : dice.in(2) ? 16 : 64;
        int padding = unit - 1 - (prefix + header.length) % unit;
        byte[] ending = (" ".repeat(padding) + (dice.in(12) ? dice.any("", " ", "\r\n", "\n\n") : "\n"))
                .getBytes(StandardCharsets.US_ASCII);
        int length = header.length + ending.length + (dice.in(odds * 4) ? dice.below(5) - 2 : 0);
        if (dice.in(odds * 30)) {
            length = dice.any("0", "-1", "70000", "10001", "1").transform(Integer::parseInt);
        }
        int extra = dice.in(odds * 2) ? dice.below(9) - 4 : 0;
        byte[] data = new byte[Math.max(0, dataLength + extra)];
        dice.random().nextBytes(data);
        ByteBuffer file = ByteBuffer.allocate(prefix + header.length + ending.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) major);
        file.put((byte) (dice.in(odds * 9) ? 1 : 0));
        if (major == 1) {
            file.putShort((short) length);
        } else {
            file.putInt(length);
        }
        return file.put(header).put(ending).put(data).array();
    }
}
