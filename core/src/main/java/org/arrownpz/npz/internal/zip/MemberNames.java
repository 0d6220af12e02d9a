package org.arrownpz.npz.internal.zip;

import java.nio.ByteBuffer;
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
