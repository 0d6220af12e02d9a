package org.arrownpz.npz.internal.zip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rules for member names. A name that could lead out of a directory, hide in a terminal or differ between readers is
 * refused, though this library never makes a path of one.
 */
public final class MemberNames {
    /** Longest name in bytes: far beyond any path, and short enough for a million names to be checked quickly. */
    public static final int MAX_LENGTH = 16 << 10;

    static final String SUFFIX = ".npy";

    private static final int SUFFIX_LE = 0x79706e2e;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long PLAIN = 'a' * ONES;

    /**
     * The upper half of code page 437, the encoding of names without the UTF-8 flag (APPNOTE appendix D). Held here because
     * the JDK keeps it in an optional module.
     */
    private static final String UPPER_HALF =
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
                    + "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    private MemberNames() {}

    /** The key that NumPy gives a member: its name without one {@code .npy}. */
    public static String key(String name) {
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    public static int keyLength(byte[] bytes, int from, int length) {
        return length >= 4 && LittleEndian.i32(bytes, from + length - 4) == SUFFIX_LE ? length - 4 : length;
    }

    /**
     * Whether a name needs no closer look: printable ASCII without separators of any platform. Looks at eight bytes at
     * a time, since archives of 10,000 members are opened in about a millisecond.
     */
    public static boolean isPlain(byte[] bytes, int from, int length) {
        long found = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            found |= suspects((long) WORDS.get(bytes, from + i));
        }
        if (i < length) {
            long word = PLAIN;
            for (int shift = 0; i < length; i++, shift += 8) {
                word = word & ~(0xffL << shift) | (bytes[from + i] & 0xffL) << shift;
            }
            found |= suspects(word);
        }
        return (found & HIGHS) == 0 && length > 2;
    }

    /** Non-zero in some high bit when a byte is a control, non-ASCII, slash, backslash or colon. */
    private static long suspects(long word) {
        long controls = (word - 0x20 * ONES) & ~word;
        return word
                | controls
                | zeroes(word ^ 0x7f * ONES)
                | zeroes(word ^ '/' * ONES)
                | zeroes(word ^ '\\' * ONES)
                | zeroes(word ^ ':' * ONES);
    }

    private static long zeroes(long word) {
        return (word - ONES) & ~word;
    }

    /** The name as text: UTF-8 where flagged, else code page 437; null when it is not UTF-8 though flagged so. */
    public static @Nullable String decode(byte[] bytes, int from, int length, boolean utf8) {
        if (!utf8) {
            char[] text = new char[length];
            for (int i = 0; i < length; i++) {
                int b = bytes[from + i];
                text[i] = b >= 0 ? (char) b : UPPER_HALF.charAt(b & 0x7f);
            }
            return new String(text);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Whether a name in UTF-8 is fit without a closer look; {@link #fault} takes that. */
    public static boolean isFit(byte[] utf8) {
        return utf8.length <= MAX_LENGTH && isPlain(utf8, 0, utf8.length) && keyLength(utf8, 0, utf8.length) > 0;
    }

    /** Why a name is refused, or null when it is not. */
    public static @Nullable String fault(String name) {
        if (name.isEmpty() || name.equals(SUFFIX)) {
            return "the name leaves an empty key";
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == 0) {
                return "the name holds a NUL, where other readers end it";
            }
            if (Character.isISOControl(name.charAt(i))) {
                return "the name holds a control character";
            }
        }
        if (name.indexOf('\\') >= 0) {
            return "the name holds a backslash, a separator on Windows";
        }
        if (name.startsWith("/")) {
            return "the name is an absolute path";
        }
        if (name.length() >= 2 && name.charAt(1) == ':' && isLetter(name.charAt(0))) {
            return "the name begins with a drive";
        }
        for (int i = 0; i < name.length(); ) {
            int slash = name.indexOf('/', i);
            int end = slash < 0 ? name.length() : slash;
            if (end - i == 2 && name.startsWith("..", i)) {
                return "the name holds a '..' step";
            }
            i = end + 1;
        }
        return null;
    }

    private static boolean isLetter(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}
