package org.arrownpz.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/jvm.md} says with which JDKs, flags and jars the library works. It is written from what is observed here:
 * {@code mvn -Psoak -pl arrow-bridge/ipc -am test -Dtest=JvmMatrixTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Darrownpz.regenerate=true}, which needs JDK 17 and 25.
 */
class JvmMatrixTest {
    private static final Path SOURCE = Path.of("..", "..", "samples", "prices.npz");
    private static final int THIS = Runtime.version().feature();
    private static final Flags PLAIN = new Flags(THIS, "", false, true);
    private static final Flags CLOSED = new Flags(THIS, "", false, false);

    /** With the Arrow of this build, what fails in different ways: a JDK, its flags, jars. */
    private static final Map<Flags, List<Jars>> FAILING = new LinkedHashMap<>();

    static {
        FAILING.put(new Flags(17, "", false, true), List.of(Jars.NONE));
        FAILING.put(new Flags(17, "", false, false), List.of(Jars.NETTY, Jars.UNSAFE));
        FAILING.put(new Flags(25, "", false, true), List.of(Jars.NETTY_42));
        FAILING.put(new Flags(25, "deny", false, true), List.of(Jars.NETTY, Jars.UNSAFE));
    }

    @TempDir
    Path scratch;

    @Test
    void documentSaysWhatThisJvmDoes() throws Exception {
        JvmDocument document = JvmDocument.read();
        Path home = Path.of(System.getProperty("java.home"));
        List<Flags> rows = new ArrayList<>(List.of(PLAIN, CLOSED));
        if (THIS >= 24) {
            rows.add(new Flags(THIS, "deny", false, true));
        }
        for (Flags flags : rows) {
            for (Jars jars : List.of(Jars.NETTY, Jars.UNSAFE)) {
                assertThat(outcome(home, flags, jars, true))
                        .as("%s %s", flags, jars)
                        .isEqualTo(document.cell(flags, jars));
            }
        }
        assertThat(document.words())
                .contains(outcome(home, PLAIN, Jars.NONE, false).split("\\|", 2));
        assertThat(document.text()).contains(outcome(home, PLAIN, Jars.NONE, true));
        assertThat(outcome(home, PLAIN, Jars.BOTH, true)).isEqualTo(document.cell(PLAIN, Jars.NETTY));
    }

    @Test
    @Tag("soak")
    void documentSaysWhatEveryJvmDoes() throws Exception {
        Map<Integer, Path> jdks = Jdks.found();
        jdks.keySet().retainAll(List.of(17, 21, 25));
        Map<Flags, List<String>> observed = new LinkedHashMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Map<Flags, List<Future<String>>> running = new LinkedHashMap<>();
            for (Map.Entry<Integer, Path> jdk : jdks.entrySet()) {
                for (Flags flags : Flags.of(jdk.getKey())) {
                    List<Future<String>> cells = new ArrayList<>();
                    for (Jars jars : Jars.COLUMNS) {
                        cells.add(pool.submit(() -> outcome(jdk.getValue(), flags, jars, true)));
                    }
                    running.put(flags, cells);
                }
            }
            for (Map.Entry<Flags, List<Future<String>>> row : running.entrySet()) {
                List<String> cells = new ArrayList<>();
                for (Future<String> cell : row.getValue()) {
                    cells.add(cell.get());
                }
                observed.put(row.getKey(), cells);
            }
        } finally {
            pool.shutdownNow();
        }
        boolean complete = jdks.keySet().containsAll(List.of(17, 25));
        StringBuilder words =
                new StringBuilder("| JDK | flags | jars | who fails | with |\n| --- | --- | --- | --- | --- |\n");
        for (Map.Entry<Flags, List<Jars>> failing : FAILING.entrySet()) {
            for (Jars jars : complete ? failing.getValue() : List.<Jars>of()) {
                Flags flags = failing.getKey();
                String[] said =
                        outcome(jdks.get(flags.jdk()), flags, jars, false).split("\\|", 2);
                words.append(String.format(
                        "| %d | %s | %s | `%s` | `` %s `` |%n",
                        flags.jdk(), shortened(flags), jars.title, said[0], said[said.length - 1]));
            }
        }
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            assertThat(complete).as("JDK 17 and 25 are here").isTrue();
            observed.keySet().removeIf(flags -> flags.jdk() == 21);
            JvmDocument.write(observed, words.toString());
        }
        JvmDocument document = JvmDocument.read();
        observed.forEach((flags, cells) -> {
            for (Jars jars : Jars.COLUMNS) {
                assertThat(cells.get(Jars.COLUMNS.indexOf(jars)))
                        .as("%s %s", flags, jars)
                        .isEqualTo(document.cell(flags, jars));
            }
        });
        if (complete) {
            assertThat(document.words()).isEqualTo(words.toString());
        }
    }

    private static String shortened(Flags flags) {
        return flags.opens()
                ? flags.unsafe().isEmpty() ? "`--add-opens`" : "`--add-opens`, `" + flags.unsafe() + "`"
                : "none";
    }

    /** {@code works}, {@code warns} and of what, or the text of the refusal, with its place where nobody asked before. */
    private String outcome(Path home, Flags flags, Jars jars, boolean ask) throws Exception {
        Path directory = Files.createTempDirectory(scratch, "trial");
        Path err = directory.resolve("err.txt");
        List<String> command = new ArrayList<>(
                List.of(home.resolve("bin/java").toString(), "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags.arguments());
        command.addAll(List.of("-cp", jars.classPath(), Trial.class.getName()));
        command.addAll(List.of(SOURCE.toString(), directory.toString(), String.valueOf(ask)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        String told = Files.exists(err) ? Files.readString(err) : "";
        assertThat(process.waitFor()).as("%s %s %s", command, out, told).isZero();
        if (!out.equals("works")) {
            return ask ? out.substring(out.indexOf('|') + 1) : out;
        }
        List<String> warnings = new ArrayList<>();
        if (told.contains("sun.misc.Unsafe")) {
            warnings.add("Unsafe");
        }
        if (told.contains("restricted method")) {
            warnings.add("native");
        }
        return warnings.isEmpty() ? "works" : "warns: " + String.join(", ", warnings);
    }
}
