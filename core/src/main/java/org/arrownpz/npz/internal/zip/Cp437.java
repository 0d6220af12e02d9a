package org.arrownpz.npz.internal.zip;

/**
 * Code page 437, the encoding of member names without the UTF-8 flag (APPNOTE appendix D). Held here because the JDK
 * keeps it in an optional module.
 */
final class Cp437 {
    private static final String UPPER_HALF =
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
                    + "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    private Cp437() {}

    static String decode(byte[] bytes, int from, int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            int b = bytes[from + i];
            text[i] = b >= 0 ? (char) b : UPPER_HALF.charAt(b & 0x7f);
        }
        return new String(text);
    }
}
