package org.arrownpz.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NPY files that are nearly right: spelled in unusual ways, or wrong in one place. */
final class ArrayMutants {
    private static final String[] SCALARS = {
        "|b1",
        "|i1",
        "|u1",
        "<i2",
        "<i4",
        "<i8",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
        "|S1",
        "|S5",
        "<U1",
        "<U3",
        "|V3",
        "<M8[s]",
        "<M8[ns]",
        "<m8[ms]",
        "<M8[D]",
        ">i4",
        ">f8",
        ">U2",
        ">M8[us]",
        "=i4",
        "i8",
        "<M8[25s]",
        "<m8",
        "<M8",
        "<b1",
        ">u1",
        "<S3",
        "|i4",
        "=f8",
        "<M8[10Y]",
        "<m8[as]",
        "<M8[W]",
        "|S0",
        "<U0",
        "<f16",
        "<c32",
        "<M8[fs]",
        "f4",
        "u1",
        "b1"
    };
    private static final String[] ODD_SCALARS = {
        "|O",
        "O",
        "O8",
        "T",
        "|V0",
        "i3",
        "f3",
        "i16",
        "b2",
        "c4",
        "",
        "<",
        " <i4",
        "<i4 ",
        "<I4",
        "bfloat16",
        "M4",
        "<M8[xx]",
        "<M8[s",
        "<M8s]",
        "<M8[ms/5]",
        "<M8[0s]",
        "<M8[-1s]",
        "<i04",
        "<i+4",
        "|a4",
        "int32",
        "float64",
        "l",
        "L",
        "q",
        "d",
        "f",
        "e",
        "g",
        "G",
        "D",
        "F",
        "?",
        "h",
        "H",
        "p",
        "P",
        "S",
        "U",
        "V",
        "a",
        "<U-1",
        "<S-1",
        "<i4,<f8",
        "2<i4",
        "(2,)<i4",
        "<i4,",
        "<U1073741824",
        "|S2147483648",
        "<u１",
        "<M8[ns][D]",
        "datetime64[s]",
        "<M8[μs]",
        "<V4",
        ">V4",
        ">S4",
        "|f4",
        "|U4",
        "bool",
        "str",
        "object",
        "void",
        "i4\\n",
        "<m8[generic]",
        "<M8[01s]",
        "<M8[ 5s]",
        "<M8[5 s]",
        "<M8[]",
        "<M8[99999999999s]",
        "<M8[2147483647s]",
        "|m8[s]",
        "<U01",
        "<S 3",
        "<i8 ,",
        "<t8",
        "<O8",
        "<N4",
        "<n4",
        "{",
        "f8\\x00",
        "<i4\\t"
    };
    private static final String[] ODD_SHAPES = {
        "[3]",
        "(3)",
        "3",
        "(3.0,)",
        "(None,)",
        "(-1,)",
        "(-0,)",
        "(+3,)",
        "(0x3,)",
        "(0o3,)",
        "(0b11,)",
        "(0_3,)",
        "(1_0,)",
        "(03,)",
        "(３,)",
        "(3*1,)",
        "(True,)",
        "(False, 3)",
        "{3}",
        "'3'",
        "(3,,)",
        "(,)",
        "(3 4)",
        "(3,)*2",
        "(4611686018427387904,)",
        "(0, 4611686018427387904)",
        "(4294967296, 4294967296)",
        "(18446744073709551619,)",
        "(9223372036854775807,)",
        "(9223372036854775808,)",
        "(1000000000,)",
        "(3L,)",
        "(3l,)",
        "(3,)#",
        "(3,) # c",
        "((3,))",
        "((3),)",
        "( 3 , )",
        "(3,\n)",
        "(3\t,)",
        "(*(3,),)",
        "tuple([3])",
        "(3j,)",
        "(1e0,)",
        "(3,)\\\n",
        "()()",
        "(1,)+(2,)",
        "(- 3,)",
        "(--3,)",
        "(0,)",
        "(0, 3)",
        "(3, 0)",
        "(00,)",
        "(0L,)",
        "(3 L,)",
        "(9" + "9".repeat(30) + ",)"
    };
    private static final String[] ODD_ORDERS = {
        "0",
        "1",
        "None",
        "'False'",
        "true",
        "not True",
        "(False)",
        "(False,)",
        "[]",
        "False or True",
        "True # c",
        "0.0",
        "False\\\n",
        "((True))",
        "bool()"
    };
    private static final String LETTERS = " ',:(){}[]0123456789LuUSbfiOTV<>|=#\\\n\t\"";
    private static final String[] FIELD_NAMES = {"a", "b", "c d", "", "it's", "\\xe9", "a\\nb", "é", "価", "x\\\"y", "f0"
    };

    /** A type's letter and size, and the shape behind it. */
    private static final Pattern ITEM =
            Pattern.compile("([a-zA-Z])(\\d{1,6})(\\[[^']*\\])?['\"]+(?:,?\\s*\\((\\d{1,6}),?( \\d{1,6})?\\))?");

    private final Random random;
    private final List<Seed> files;

    ArrayMutants(Random random, List<Seed> files) {
        this.random = random;
        this.files = files;
    }

    /** A file of one array. */
    byte[] next() {
        return random.nextInt(4) == 0
                ? changed(files.get(random.nextInt(files.size())).bytes())
                : made(false);
    }

    /** Mostly a sound file, as a member of an archive. */
    byte[] member() {
        return random.nextInt(8) == 0 ? next() : made(true);
    }

    private boolean in(int chances) {
        return random.nextInt(chances) == 0;
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A file with a few other bytes, most of them in what may be the header. */
    byte[] changed(byte[] file) {
        byte[] changed = file.clone();
        if (changed.length == 0) {
            return changed;
        }
        int end = Math.min(changed.length, 128);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(in(5) ? changed.length : end);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt(256);
                case 2 -> changed[at] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
                case 3 -> changed[at] = changed[random.nextInt(changed.length)];
                default -> changed[at]++;
            }
        }
        if (in(6)) {
            changed = Arrays.copyOf(changed, random.nextInt(changed.length + 9));
        }
        return changed;
    }

    private byte[] made(boolean sound) {
        int odds = sound ? 1000 : 9;
        String descr = in(6) ? record(0, odds) : quoted(in(odds) ? any(ODD_SCALARS) : any(SCALARS));
        if (in(odds * 4)) {
            descr = any("None", "4", "('<i4', (2,))", "b'<i4'", "{'names': ['a'], 'formats': ['<i4']}", "[]", "()");
        }
        int[] lengths = new int[in(3) ? random.nextInt(4) : 1];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = in(12) ? 0 : 1 + random.nextInt(4);
        }
        String shape = in(odds) ? any(ODD_SHAPES) : shape(lengths);
        String order = in(odds) ? any(ODD_ORDERS) : any("True", "False");
        List<String> entries = new ArrayList<>(List.of(
                quoted("descr") + colon() + descr,
                quoted("fortran_order") + colon() + order,
                quoted("shape") + colon() + shape));
        if (in(2)) {
            Collections.shuffle(entries, random);
        }
        if (in(odds * 2)) {
            entries.add(any("'extra': 1", "'descr': '<i4'", "b'shape': (3,)", "'shape': (2,)", "None: 1", "**{}"));
        }
        if (in(odds * 3)) {
            entries.remove(random.nextInt(entries.size()));
        }
        String comma = "," + blank();
        String text = "{" + blank() + String.join(comma, entries) + (in(2) ? "," + blank() : "") + "}";
        if (in(odds * 2)) {
            text = any(" ", "\n", "", "(", "\t", "# c\n", "\ufeff", "+")
                    + text
                    + any("", " ", ")", ",", ";", "#", "\0", "}");
        }
        if (in(odds)) {
            text = edited(text);
        }
        long size = in(odds) ? random.nextInt(80) : dataLength(descr, lengths);
        return file(text, (int) Math.min(size, 1 << 16), odds);
    }

    // Spelled as NumPy does it, or not.
    private String quoted(String text) {
        String quote = in(5) ? "\"" : "'";
        String prefix = in(40) ? any("u", "U", "b", "r", "f", "rb") : "";
        return in(60) ? "'''" + text + "'''" : prefix + quote + text + quote;
    }

    private String blank() {
        return in(5) ? any("", "  ", "\n", "\t", " \n ", "\r\n", "\f", "\u000b", "\u00a0") : in(2) ? " " : "";
    }

    private String colon() {
        return in(30) ? " : " : in(4) ? ":" : ": ";
    }

    private String shape(int[] lengths) {
        StringBuilder text = new StringBuilder("(");
        for (int length : lengths) {
            text.append(length)
                    .append(in(30) ? "L" : "")
                    .append(in(10) ? " ," : ",")
                    .append(in(2) ? " " : "");
        }
        boolean strip = lengths.length > 1 && in(2);
        return (strip ? text.toString().stripTrailing().replaceAll(",$", "") : text.toString()) + ")";
    }

    private String record(int depth, int odds) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            String name = in(odds) ? any(FIELD_NAMES) : "abc".substring(i, i + 1);
            String type =
                    depth < 2 && in(6) ? record(depth + 1, odds) : quoted(in(odds) ? any(ODD_SCALARS) : any(SCALARS));
            String title = in(15) ? "('title" + i + "', " + quoted(name) + ")" : quoted(name);
            String inner = in(6) ? ", " + (in(odds) ? any(ODD_SHAPES) : any("(2,)", "(1, 2)", "(0,)", "()", "3")) : "";
            fields.add(in(10) ? "('', '|V" + random.nextInt(4) + "')" : "(" + title + ", " + type + inner + ")");
        }
        return "[" + String.join(", ", fields) + (in(8) ? "," : "") + "]";
    }

    private String edited(String text) {
        StringBuilder edited = new StringBuilder(text);
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(edited.length());
            switch (random.nextInt(4)) {
                case 0 -> edited.deleteCharAt(at);
                case 1 -> edited.insert(at, edited.charAt(random.nextInt(edited.length())));
                case 2 ->
                    edited.insert(at, any(" ", "\n", "#", "\\", "'", "\"", "L", "0", "(", ")", "-", "é", "\0", "\r"));
                default -> edited.setCharAt(at, edited.charAt(random.nextInt(edited.length())));
            }
        }
        return edited.toString();
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
        int major = in(odds * 4) ? random.nextInt(256) : in(3) ? 1 + random.nextInt(3) : 1;
        boolean latin = text.chars().allMatch(c -> c < 256);
        Charset charset = major == 3 != in(odds * 9) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        byte[] header = text.getBytes(latin ? charset : StandardCharsets.UTF_8);
        int prefix = major == 1 ? 10 : 12;
        int unit = in(3) ? 1 : in(2) ? 16 : 64;
        int padding = unit - 1 - (prefix + header.length) % unit;
        byte[] ending = (" ".repeat(padding) + (in(12) ? any("", " ", "\r\n", "\n\n") : "\n"))
                .getBytes(StandardCharsets.US_ASCII);
        int length = header.length + ending.length + (in(odds * 4) ? random.nextInt(5) - 2 : 0);
        if (in(odds * 30)) {
            length = any("0", "-1", "70000", "10001", "1").transform(Integer::parseInt);
        }
        int extra = in(odds * 2) ? random.nextInt(9) - 4 : 0;
        byte[] data = new byte[Math.max(0, dataLength + extra)];
        random.nextBytes(data);
        ByteBuffer file = ByteBuffer.allocate(prefix + header.length + ending.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) major);
        file.put((byte) (in(odds * 9) ? 1 : 0));
        if (major == 1) {
            file.putShort((short) length);
        } else {
            file.putInt(length);
        }
        return file.put(header).put(ending).put(data).array();
    }
}
