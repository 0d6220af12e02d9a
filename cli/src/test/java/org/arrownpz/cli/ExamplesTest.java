package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.arrownpz.cli.console.Console;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every example in the help texts and in docs/cli.md runs, in a directory with files made of the samples. */
class ExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("^(?:Example:)? *((?:source <\\()?arrow-npz .*)$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|((?:[^\\s'\"])+)");

    @TempDir
    static Path directory;

    private static Process driver;
    private static BufferedReader answers;

    /** The command in one process, in the directory. */
    @BeforeAll
    static void prepare() throws Exception {
        for (String sample : List.of("prices.npz", "events.csv")) {
            Cli.sample(sample, directory);
        }
        Path served = Files.createDirectory(directory.resolve("served"));
        driver = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        Driver.class.getName(),
                        served.toString())
                .directory(directory.toFile())
                .redirectError(directory.resolve("driver.err").toFile())
                .start();
        answers = new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(answers.readLine()).startsWith("grpc://");
        Files.writeString(directory.resolve("sectors.csv"), "ticker,sector\nA,x\n");
        Files.writeString(
                directory.resolve("clicks.csv"),
                "user,ts,page\n1,2025-07-30 09:15:23,a\n1,2025-07-30 09:16:00,b\n2,2025-07-30 10:00:00,a\n");
        Files.createDirectory(directory.resolve("data"));
        secret("token", "only-for-this-example\n");
        makeCertificate();
        Files.createDirectory(directory.resolve("frames"));
        for (String made : List.of(
                "convert prices.npz data/prices.npz",
                "convert prices.npz frames/one.npz",
                "convert prices.npz frames/two.npz",
                "bus frames bus.zip",
                "convert prices.npz theirs.npz",
                "convert prices.npz damaged.npz",
                "convert prices.npz old.npz",
                "convert prices.npz new.npz",
                "convert prices.npz monday.npz",
                "convert prices.npz tuesday.npz",
                "convert events.csv events.parquet",
                "convert events.csv part-0.parquet",
                "convert events.csv part-1.feather",
                "convert clicks.csv clicks.feather",
                "pack events.csv ready.npz --by GroupID --pack EventID,Timestamp",
                "fixture s(12,1)|v(int) ids.parquet",
                "fixture s(12,3)|v(float) vectors.csv")) {
            Answer answer = run(List.of(made.split(" ")));
            assertThat(answer.code()).as(made + ": " + answer.err()).isZero();
        }
        for (String array : List.of("ids.npy", "embeddings.npy", "b.npy", "w.npy", "weights.npy")) {
            String source = array.equals("ids.npy") ? "ids.parquet" : "vectors.csv";
            Answer answer = run(List.of("convert", source, array));
            assertThat(answer.code()).as(array + ": " + answer.err()).isZero();
        }
        assertThat(run(List.of("convert", "--form", "arrays", "vectors.csv", "model.npz"))
                        .code())
                .isZero();
        for (String made : List.of(
                "add model.npz weights=w.npy",
                "convert model.npz model.feather",
                "convert model.npz before.safetensors",
                "convert model.npz after.safetensors")) {
            Answer answer = run(List.of(made.split(" ")));
            assertThat(answer.code()).as(made + ": " + answer.err()).isZero();
        }
    }

    /** cert.pem and key.pem. */
    private static void makeCertificate() throws Exception {
        Path store = directory.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String flags =
                "-genkeypair -alias x -keyalg EC -dname CN=localhost -storetype PKCS12 -storepass password -keystore";
        List<String> command = new ArrayList<>(List.of(keytool));
        command.addAll(List.of(flags.split(" ")));
        command.add(store.toString());
        Process made = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.out").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "password".toCharArray());
        }
        Files.writeString(
                directory.resolve("cert.pem"),
                pem("CERTIFICATE", keys.getCertificate("x").getEncoded()));
        secret(
                "key.pem",
                pem("PRIVATE KEY", keys.getKey("x", "password".toCharArray()).getEncoded()));
    }

    /** A file that others may not read: servers take no other. */
    private static void secret(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static String pem(String what, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @AfterAll
    static void end() throws InterruptedException {
        driver.destroyForcibly().waitFor();
    }

    private record Answer(int code, String out, String err) {}

    private static Answer run(List<String> arguments) throws IOException {
        StringBuilder call = new StringBuilder();
        for (String argument : arguments) {
            byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
            call.append(call.isEmpty() ? "=" : " =").append(Base64.getEncoder().encodeToString(bytes));
        }
        OutputStream calls = driver.getOutputStream();
        calls.write(call.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        calls.flush();
        String[] parts = answers.readLine().split(" ");
        return new Answer(Integer.parseInt(parts[0]), decode(parts[1]), decode(parts[2]));
    }

    private static String decode(String part) {
        return new String(Base64.getDecoder().decode(part.substring(1)), StandardCharsets.UTF_8);
    }

    private static CommandLine command() {
        Console console = Console.of(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Main.commandLine(console, Verbs.NAMES);
    }

    static Set<String> examples() throws IOException {
        Set<String> examples = new LinkedHashSet<>();
        CommandLine command = command();
        List<CommandLine> commands = new ArrayList<>(List.of(command));
        commands.addAll(command.getSubcommands().values());
        for (CommandLine line : commands) {
            for (String text : line.getCommandSpec().usageMessage().footer()) {
                collect(text, examples);
            }
        }
        boolean code = false;
        for (String text : Files.readAllLines(Path.of("..", "docs", "cli.md"))) {
            code ^= text.startsWith("```");
            if (code && !text.contains("[FLAGS]") && !text.contains("PATH...")) {
                collect(text, examples);
            }
        }
        return examples;
    }

    private static void collect(String text, Set<String> examples) {
        Matcher example = EXAMPLE.matcher(text);
        if (example.matches()) {
            examples.add(example.group(1));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void runs(String example) throws IOException {
        List<String> arguments = arguments(example);
        // Those that replace or make a file may run after one that made it.
        if (arguments.contains("packed.npz") && arguments.get(0).equals("unpack")) {
            arguments.set(arguments.indexOf("packed.npz"), "ready.npz");
        }
        for (int i = 1; i < arguments.size(); i++) {
            if (isTarget(arguments, i)) {
                delete(directory.resolve(arguments.get(i)));
            }
        }
        if (arguments.get(0).equals("serve")) {
            // The usual port may be another's.
            arguments.addAll(List.of("--port", "0"));
        }
        if (arguments.get(0).equals("view") && !arguments.contains("--no-browser")) {
            arguments.add("--no-browser");
        }
        Answer answer = run(arguments);
        assertThat(answer.code()).as(example + ": " + answer.err()).isZero();
    }

    /** Whether it is what the example makes. */
    private static boolean isTarget(List<String> arguments, int place) {
        String before = arguments.get(place - 1);
        boolean last = place == arguments.size() - 1 || arguments.get(place + 1).startsWith("-");
        boolean makes =
                List.of("convert", "pack", "unpack", "bus", "align", "fixture").contains(arguments.get(0));
        boolean named = before.equals("-o") || before.equals("--out") || before.equals("--chart");
        boolean positional = makes && place > 1 && last && !before.startsWith("-") && !arguments.contains("--force");
        boolean source = arguments.get(0).equals("convert") && arguments.contains("--to");
        return named || positional && !source;
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** As a shell takes them: without quotes, names with a star expanded, and no further than a pipe or a redirection. */
    private static List<String> arguments(String example) throws IOException {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(example.replaceFirst("^source <\\((.*)\\).*$", "$1"));
        while (word.find()) {
            String bare = word.group(3);
            if (bare != null && List.of("|", ">", "#").contains(bare)) {
                break;
            }
            if (bare != null && bare.contains("*")) {
                words.addAll(expanded(bare));
            } else {
                words.add(bare != null ? bare : word.group(1) != null ? word.group(1) : word.group(2));
            }
        }
        assertThat(words.remove(0)).isEqualTo("arrow-npz");
        return words;
    }

    private static List<String> expanded(String pattern) throws IOException {
        Path folder = directory.resolve(pattern).getParent();
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + directory.resolve(pattern));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(matcher::matches)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
