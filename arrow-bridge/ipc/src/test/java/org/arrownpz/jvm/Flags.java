package org.arrownpz.jvm;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of the document's table: a JDK and what it is told.
 *
 * @param unsafe the value of {@code --sun-misc-unsafe-memory-access}, or nothing
 * @param nativeAccess whether {@code --enable-native-access} is given
 * @param opens whether {@code java.nio} is open
 */
record Flags(int jdk, String unsafe, boolean nativeAccess, boolean opens) {
    private static final int NEWER = 24;

    /** The rows of a JDK. */
    static List<Flags> of(int jdk) {
        List<Flags> rows = new ArrayList<>();
        for (boolean opens : new boolean[] {true, false}) {
            for (String unsafe : jdk < NEWER ? List.of("") : List.of("", "allow", "warn", "deny")) {
                rows.add(new Flags(jdk, unsafe, false, opens));
                if (jdk >= NEWER) {
                    rows.add(new Flags(jdk, unsafe, true, opens));
                }
            }
        }
        return rows;
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (opens) {
            arguments.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        }
        if (!unsafe.isEmpty()) {
            arguments.add("--sun-misc-unsafe-memory-access=" + unsafe);
        }
        if (nativeAccess) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
        }
        return arguments;
    }

    /** The first cells of the row: JDKs that know the same flags share one. */
    String title() {
        return "| " + (jdk < NEWER ? 17 : 25) + " | " + (opens ? "yes" : "no") + " | "
                + (jdk < NEWER ? "" : unsafe.isEmpty() ? "not given" : "`" + unsafe + "`") + " | "
                + (jdk < NEWER ? "" : nativeAccess ? "yes" : "no") + " |";
    }
}
