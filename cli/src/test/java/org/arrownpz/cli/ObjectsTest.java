package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.Clients;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.ObjectServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Objects of buckets, read and written by the command and by Java, on a server of S3's protocol. */
@ExtendWith(LeakCheck.class)
class ObjectsTest {
    private static ObjectServer server;

    @TempDir
    Path directory;

    private Path file;

    @BeforeAll
    static void serve(@TempDir Path objects) throws Exception {
        server = new ObjectServer(objects);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void sample() {
        file = Cli.sample("prices.npz", directory);
    }

    private static Path path(String key) throws NpzException {
        return ByteSources.path(URI.create("s3://bucket/" + key));
    }

    private static List<String> unfinished() {
        try (S3Client client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .forcePathStyle(true)
                .build()) {
            return client.listMultipartUploads(list -> list.bucket("bucket")).uploads().stream()
                    .map(upload -> upload.key())
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "feather", "arrows", "parquet", "csv", "jsonl"})
    void holdsWhatAFileWouldHold(String extension) throws Exception {
        Path local = directory.resolve("copy." + extension);
        assertThat(Cli.run("convert", file, local).code()).isZero();
        String object = "s3://bucket/folder/ä copy%20." + extension;
        Cli converted = Cli.run("convert", "--force", file, object);
        assertThat(converted.err())
                .isEqualTo(Cli.run("convert", "--force", file, local).err().replace(local.toString(), object));
        assertThat(converted.code()).isZero();
        assertThat(server.directory.resolve("bucket/folder/ä copy%20." + extension))
                .hasSameBinaryContentAs(local);
        Cli head = Cli.run("head", "--json", object);
        assertThat(head.err()).isEmpty();
        assertThat(head.out()).isEqualTo(Cli.run("head", "--json", local).out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "tail", "stats", "schema", "cat", "verify", "info"})
    void isReadByEveryVerb(String verb) throws Exception {
        Files.copy(file, server.directory.resolve("bucket/" + verb + ".npz"));
        String object = "s3://bucket/" + verb + ".npz";
        Cli remote = Cli.run(verb, "--json", object);
        assertThat(remote.err()).isEmpty();
        assertThat(remote.out().replace(object, file.toString()))
                .isEqualTo(Cli.run(verb, "--json", file).out());
    }

    @Test
    void takesWhatOtherVerbsWrite() throws Exception {
        Npz.save(directory.resolve("a.npz"), Map.of("a", new long[] {1, 2}));
        Npy.save(directory.resolve("b.npy"), new long[] {3, 4});
        Path a = directory.resolve("a.npz");
        Path b = directory.resolve("b.npy");
        assertThat(Cli.run("paste", a, b, "-o", "s3://bucket/pasted.npz").err()).isEmpty();
        assertThat(Cli.run("add", "s3://bucket/pasted.npz", "c=" + b).err()).isEmpty();
        assertThat(Cli.run("head", "s3://bucket/pasted.npz:c").out()).contains("3");
        assertThat(Cli.run("convert", "s3://bucket/pasted.npz", "s3://bucket/pasted.safetensors")
                        .err())
                .isEmpty();
        Cli query = Cli.run("sql", "--json", "SELECT count(*) AS n FROM p", "--table", "p=s3://bucket/pasted.npz");
        assertThat(query.err() + query.out()).isNotEmpty();
        assertThat(Cli.run("align", file, "s3://bucket/aligned.npz").code()).isZero();
        assertThat(Cli.run("diff", file, "s3://bucket/aligned.npz").code()).isZero();
    }

    @Test
    void longFilesGoInPartsAndAppearWhole(BufferAllocator allocator) throws Exception {
        double[] values = new double[5_000_000];
        Arrays.setAll(values, i -> i);
        Npy.save(path("long.npy"), values);
        assertThat(unfinished()).isEmpty();
        try (NumpyArray array = Npy.load(allocator, path("long.npy"), ReadOptions.defaults())) {
            assertThat(array.doubles()).isEqualTo(values);
        }
        try (NumpyArray former = Npy.load(allocator, path("long.npy"), ReadOptions.defaults())) {
            Npy.save(path("long.npy"), new double[] {7});
            NpzException fault = catchThrowableOfType(NpzException.class, former::doubles);
            assertThat(fault.code()).isEqualTo(ErrorCode.FILE_CHANGED);
        }
        try (NumpyArray array = Npy.load(allocator, path("long.npy"), ReadOptions.defaults())) {
            assertThat(array.doubles()).containsExactly(7);
        }
    }

    @Test
    void uploadThatFailsLeavesNothing() throws Exception {
        // The server's file system has no file where a folder is.
        Files.createDirectories(server.directory.resolve("bucket/taken.npy/folder"));
        Files.createFile(server.directory.resolve("bucket/taken.npy/folder/file"));
        NpzException fault =
                catchThrowableOfType(NpzException.class, () -> Npy.save(path("taken.npy"), new double[5_000_000]));
        assertThat(fault).isNotNull().hasMessageContaining("s3://bucket/taken.npy");
        assertThat(unfinished()).isEmpty();
        assertThat(server.directory.resolve("bucket/taken.npy/folder/file")).exists();
    }

    @Test
    void oneColumnTakesThreeRequests(BufferAllocator allocator) throws Exception {
        Map<String, long[]> arrays = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            arrays.put("c" + i, new long[30_000]);
        }
        arrays.get("c57")[29_999] = 57;
        Npz.save(path("hundred.npz"), arrays);
        ReadOptions options = ReadOptions.defaults().withColumns("c57");
        try (Frame frame = Frames.open(allocator, path("hundred.npz"), options)) {
            assertThat(((BigIntVector) frame.column("c57")).get(29_999)).isEqualTo(57);
            String traffic = frame.copyReport().notes().stream()
                    .filter(note -> note.startsWith("fetched by "))
                    .findFirst()
                    .orElseThrow();
            String[] words = traffic.split(" ");
            assertThat(Integer.parseInt(words[2])).isLessThanOrEqualTo(3);
            assertThat(Integer.parseInt(words[4])).isLessThanOrEqualTo(8 * 30_000 + (128 << 10));
        }
        try (NumpyArrays all = Npz.open(allocator, path("hundred.npz"), ReadOptions.defaults())) {
            assertThat(all.names()).hasSize(100);
        }
    }

    @Test
    void saysInOneSentenceWhatIsWrong() {
        for (String verb : new String[] {"head", "info", "stats", "schema"}) {
            Cli missing = Cli.run(verb, "s3://bucket/none.npz");
            assertThat(missing.err())
                    .contains("there is no such file (status 404)")
                    .hasLineCount(1);
            assertThat(missing.code()).isPositive();
        }
        assertThat(Cli.run("convert", file, "s3://nowhere/x.npz").err())
                .contains("there is no such file")
                .hasLineCount(1);
        assertThat(Cli.run("head", "s3://bucket").err()).contains("s3://BUCKET/KEY");
        assertThat(Cli.run("convert", file, "s3://bucket/folder/").err())
                .contains("servers have no directories")
                .hasLineCount(1);
        assertThat(Cli.run("convert", file, "https://localhost/x.npz").err())
                .contains("is an address, which is not written");
    }

    @Test
    void secretsStayOutOfMessages() throws Exception {
        System.setProperty("aws.secretAccessKey", "anotherS3cret");
        try {
            for (Object[] words :
                    new Object[][] {{"head", "s3://bucket/whatever.npz"}, {"convert", file, "s3://bucket/refused.npz"}
                    }) {
                Cli run = Cli.run(words);
                assertThat(run.err())
                        .contains("the server refuses access (status 403)")
                        .hasLineCount(1)
                        .doesNotContain(ObjectServer.IDENTITY, "S3cret", "Signature");
            }
            NpzException fault = catchThrowableOfType(NpzException.class, () -> Npy.save(path("x.npy"), new long[1]));
            for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
                assertThat(cause.toString()).doesNotContain(ObjectServer.IDENTITY, "S3cret", "Signature");
            }
        } finally {
            System.setProperty("aws.secretAccessKey", ObjectServer.CREDENTIAL);
        }
    }

    @Test
    void pyarrowReadsAndWritesTheSameObjects() throws Exception {
        if (!Clients.exist()) {
            return;
        }
        long[] whole = LongStream.range(0, 1_000).toArray();
        double[] halves = Arrays.stream(whole).mapToDouble(i -> i / 2.0).toArray();
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("a", whole);
        arrays.put("b", halves);
        Npz.save(path("ours.npz"), arrays);
        List<String> formats = List.of("npz", "feather", "parquet");
        for (String format : formats.subList(1, 3)) {
            assertThat(Cli.run("convert", "s3://bucket/ours.npz", "s3://bucket/ours." + format)
                            .code())
                    .isZero();
        }
        Clients.Answer said = Clients.run(
                directory,
                "objects.py",
                server.endpoint.toString(),
                "bucket",
                ObjectServer.IDENTITY,
                ObjectServer.CREDENTIAL);
        assertThat(said.code()).as(said.output()).isZero();
        // Without output all clients are there.
        for (String client : said.output().isEmpty() ? List.of("theirs", "fsspec") : List.of("theirs")) {
            for (String format : formats) {
                Cli theirs = Cli.run("cat", "--json", "s3://bucket/" + client + "." + format);
                assertThat(theirs.err()).isEmpty();
                assertThat(theirs.out())
                        .isEqualTo(Cli.run("cat", "--json", "s3://bucket/ours." + format)
                                .out());
            }
        }
    }

    private static String command(boolean sdk, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(jar -> sdk || !jar.contains("awssdk"))
                        .collect(Collectors.joining(File.pathSeparator)),
                "org.arrownpz.cli.Main"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        builder.environment().put("AWS_CONFIG_FILE", "/nowhere");
        builder.environment().put("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isPositive();
        return said;
    }

    @Test
    void namesTheJarsThatAreMissing() throws Exception {
        assertThat(command(false, "head", "s3://bucket/x.npz"))
                .contains("software.amazon.awssdk:s3", "software.amazon.awssdk:url-connection-client");
    }

    @Test
    void namesTheVariablesThatAreMissing() throws Exception {
        assertThat(command(true, "head", "s3://bucket/x.npz")).contains("AWS_REGION", "AWS_ACCESS_KEY_ID");
    }
}
