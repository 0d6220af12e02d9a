package org.arrownpz.cli.file;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;

/** File names of what files say: letters, digits, blanks, dots, dashes and underlines, and nothing that leads elsewhere. */
final class SafeName {
    private static final int MAX_BYTES = 200;
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])", Pattern.CASE_INSENSITIVE);

    private SafeName() {}

    /**
     * A name on every system, in which an underline stands for what may be in none. It may be that of several texts.
     *
     * @throws UsageException when it would be too long
     */
    static String of(String text) {
        StringBuilder name = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isLetterOrDigit(c) || " .-_".indexOf(c) >= 0 ? c : '_')
                .forEach(name::appendCodePoint);
        // Hidden, a way up, or an option to who names it: none of these. Windows drops dots and blanks at the end.
        if (name.isEmpty() || " .-".indexOf(name.charAt(0)) >= 0) {
            name.insert(0, '_');
        }
        if (" .".indexOf(name.charAt(name.length() - 1)) >= 0) {
            name.append('_');
        }
        int dot = name.indexOf(".");
        if (DEVICE.matcher(dot < 0 ? name : name.substring(0, dot)).matches()) {
            name.insert(0, '_');
        }
        if (name.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new UsageException("a label is too long for a file's name: " + Console.quote(text));
        }
        return name.toString();
    }
}
