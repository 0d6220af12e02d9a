package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.TypeZoo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, descriptions and rows by HTTP. */
class WebTablesTest {
    @TempDir
    Path directory;

    private WebCalls calls;

    @BeforeEach
    void serve() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            FlightCalls.write(directory.resolve("prices.npz"), 1000, allocator);
            Files.createDirectories(directory.resolve("deep/er"));
            FlightCalls.write(directory.resolve("deep/er/same name.npz"), 5, allocator);
            try (Frame frame = Frames.open(allocator, directory.resolve("prices.npz"))) {
                Ipc.write(frame, directory.resolve("feather.feather"), IpcOptions.defaults());
            }
        }
        Npz.save(directory.resolve("model.npz"), Map.of("w", new double[2][3], "b", new double[4]));
        Npy.save(directory.resolve("cube.npy"), new float[2][3][4]);
        Files.writeString(directory.resolve("broken.npz"), "no archive");
        calls = new WebCalls(directory, ServerOptions.defaults());
    }

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void listsFilesOfAllFormatsWithFolders() throws Exception {
        JsonNode list = calls.json("/tables");
        assertThat(list.get("total").intValue()).isEqualTo(6);
        assertThat(list.get("tables").findValuesAsText("name"))
                .containsExactly("broken", "cube", "deep/er/same name", "feather", "model", "prices");
        assertThat(list.get("tables").findValuesAsText("format"))
                .containsExactly("unreadable", "arrays", "npz", "feather", "arrays", "npz");
        JsonNode prices = list.get("tables").get(5);
        assertThat(prices.get("rows").longValue()).isEqualTo(1000);
        assertThat(prices.get("columns").longValue()).isEqualTo(3);
        assertThat(prices.get("bytes").longValue()).isEqualTo(Files.size(directory.resolve("prices.npz")));
    }

    @Test
    void listsPartsOfTheList() throws Exception {
        assertThat(calls.json("/tables?prefix=p").get("total").intValue()).isEqualTo(1);
        assertThat(calls.json("/tables?search=ER").findValuesAsText("name"))
                .containsExactly("deep/er/same name", "feather");
        JsonNode part = calls.json("/tables?offset=1&limit=2");
        assertThat(part.findValuesAsText("name")).containsExactly("cube", "deep/er/same name");
        assertThat(part.get("total").intValue()).isEqualTo(6);
    }

    @Test
    void describesColumnsAndMembers() throws Exception {
        JsonNode prices = calls.json("/tables/prices");
        assertThat(prices.get("rows").longValue()).isEqualTo(1000);
        JsonNode twice = prices.get("columns").get(1);
        assertThat(twice.get("name").textValue()).isEqualTo("twice");
        assertThat(twice.get("type").textValue()).isEqualTo("Int(64, true)");
        assertThat(twice.get("dtype").textValue()).isEqualTo("<i8");
        assertThat(twice.get("layout").textValue()).isEqualTo("viewed");
        assertThat(prices.get("columns").get(2).get("layout").textValue()).isEqualTo("copied");
        assertThat(prices.get("columns").get(2).get("reason").textValue()).isNotEmpty();
        JsonNode cube = calls.json("/tables/cube");
        assertThat(cube.get("format").textValue()).isEqualTo("arrays");
        assertThat(cube.get("members").get(0).get("shape").toString()).isEqualTo("[2,3,4]");
        JsonNode feather = calls.json("/tables/feather");
        assertThat(feather.get("rows").longValue()).isEqualTo(1000);
        assertThat(feather.get("columns").findValuesAsText("layout")).containsExactly("viewed", "viewed", "viewed");
    }

    @Test
    void takesNamesWithFoldersAsOneSegmentOrSeveral() throws Exception {
        for (String name : List.of("deep%2Fer%2Fsame%20name", "deep/er/same%20name", "deep%2fer/same%20name.npz")) {
            assertThat(calls.json("/tables/" + name).get("rows").longValue())
                    .as(name)
                    .isEqualTo(5);
            assertThat(calls.json("/tables/" + name + "/data?format=json-rows")
                            .get("to")
                            .longValue())
                    .isEqualTo(5);
        }
    }

    @Test
    void sendsRowsAsAnArrowStream() throws Exception {
        HttpResponse<byte[]> answer = calls.get("/tables/prices/data?columns=twice,key&rows=10:20");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apache.arrow.stream");
        assertThat(read(answer.body())).containsExactly("twice", "key", "20..38", "10");
    }

    @Test
    void sendsViewsOfTheFileBatchByBatch() throws Exception {
        calls.close();
        calls = new WebCalls(directory, ServerOptions.defaults().withBatchBytes(1000));
        for (String name : List.of("prices", "feather")) {
            assertThat(read(calls.get("/tables/" + name + "/data?column=twice").body()))
                    .containsExactly("twice", "0..1998", "1000");
        }
    }

    @Test
    void choosesTheFormByAcceptAndTheWordBeforeIt() throws Exception {
        String path = "/tables/prices/data?rows=:3";
        HttpResponse<byte[]> file = calls.get(path, "Accept", "text/plain, application/vnd.apache.arrow.file;q=0.9");
        assertThat(file.headers().firstValue("Content-Type")).contains("application/vnd.apache.arrow.file");
        assertThat(new String(file.body(), 0, 6)).isEqualTo("ARROW1");
        HttpResponse<byte[]> npz = calls.get(path + "&format=npz", "Accept", "application/vnd.apache.arrow.file");
        assertThat(new String(npz.body(), 0, 2)).isEqualTo("PK");
        Path copy = Files.write(directory.resolve("copy.npz"), npz.body());
        try (Frame frame = Frames.open(calls.allocator, copy)) {
            assertThat(frame.rowCount()).isEqualTo(3);
        }
        assertThat(calls.get(path + "&format=xml").statusCode()).isEqualTo(400);
    }

    @Test
    void sendsWindowsOfRowsAndColumnsAsJson() throws Exception {
        JsonNode window = calls.json("/tables/prices/data?format=json-rows&rows=998:2000&cols=1:3");
        assertThat(window.toString())
                .isEqualTo("{\"from\":998,\"columns\":[\"twice\",\"name\"],"
                        + "\"rows\":[[1996,\"n998\"],[1998,\"n999\"]],\"to\":1000}");
        assertThat(calls.json("/tables/prices/data?format=json-rows&rows=1:2&columns=name")
                        .get("rows")
                        .toString())
                .isEqualTo("[[null]]");
        assertThat(calls.json("/tables/prices/data?format=json-rows&rows=5000:6000")
                        .get("rows"))
                .isEmpty();
    }

    @Test
    void describesAndSendsEveryType() throws Exception {
        List<FieldVector> vectors = new ArrayList<>();
        TypeZoo.fields().forEach(field -> vectors.add(TypeZoo.vector(field, 20, calls.allocator)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(TypeZoo.fields()), vectors, 20)) {
            Ipc.write(root, directory.resolve("zoo.arrow"), IpcOptions.defaults());
            Frames.write(root, directory.resolve("zoo2.npz"), WriteOptions.defaults());
        }
        for (String name : List.of("zoo", "zoo2")) {
            JsonNode told = calls.json("/tables/" + name);
            assertThat(told.path("columns").size()).as(told.toString()).isEqualTo(vectors.size());
            JsonNode grid = calls.json("/tables/" + name + "/data?format=json-rows");
            assertThat(grid.path("rows").size()).as(grid.toString()).isEqualTo(20);
        }
    }

    @Test
    void showsNumbersAndTimesAsTheyAre() throws Exception {
        try (BigIntVector big = new BigIntVector("big", calls.allocator);
                UInt8Vector unsigned = new UInt8Vector("unsigned", calls.allocator);
                Float4Vector single = new Float4Vector("single", calls.allocator);
                Float8Vector real = new Float8Vector("real", calls.allocator);
                TimeStampNanoVector time = new TimeStampNanoVector("time", calls.allocator)) {
            big.setSafe(0, (1L << 53) + 1);
            unsigned.setSafe(0, -1L);
            single.setSafe(0, 0.1f);
            real.setSafe(0, Double.NEGATIVE_INFINITY);
            time.setSafe(0, -1L);
            List<FieldVector> columns = List.of(big, unsigned, single, real, time);
            columns.forEach(column -> column.setValueCount(1));
            Ipc.write(new VectorSchemaRoot(columns), directory.resolve("exact.arrow"), IpcOptions.defaults());
        }
        assertThat(calls.json("/tables/exact/data?format=json-rows").get("rows").toString())
                .isEqualTo("[[\"9007199254740993\",\"18446744073709551615\",0.1,\"-∞\","
                        + "\"1969-12-31 23:59:59.999999999\"]]");
    }

    @Test
    void findsNoFileWhoseShortNameIsThatOfAnother() throws Exception {
        Files.copy(directory.resolve("prices.npz"), directory.resolve("feather.npz"));
        assertThat(calls.json("/tables").findValuesAsText("name")).contains("feather.npz", "feather.feather");
        assertThat(calls.get("/tables/feather").statusCode()).isEqualTo(404);
        assertThat(calls.get("/tables/feather.npz").statusCode()).isEqualTo(200);
        assertThat(calls.get("/tables/main/prices").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNotThereAndRangesThatAreNone() throws Exception {
        assertThat(calls.get("/tables/nothing").statusCode()).isEqualTo(404);
        assertThat(calls.get("/tables/nothing/data").statusCode()).isEqualTo(404);
        assertThat(calls.get("/tables/prices/else").statusCode()).isEqualTo(404);
        for (String query : List.of("columns=none", "rows=1", "rows=-1:2", "rows=a:b", "rows=99999999999999999999:")) {
            HttpResponse<byte[]> answer = calls.get("/tables/prices/data?" + query);
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
        JsonNode broken = calls.json("/tables/broken/data");
        assertThat(broken.get("status").intValue()).isEqualTo(500);
        assertThat(broken.toString()).contains("\"code\":\"").doesNotContain(directory.toString());
    }

    /** The names of the columns, the first and the last value of {@code twice}, and the number of rows. */
    private List<String> read(byte[] stream) throws Exception {
        try (ArrowReader reader =
                new ArrowStreamReader(Channels.newChannel(new ByteArrayInputStream(stream)), calls.allocator)) {
            List<String> said = new ArrayList<>(reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(Field::getName)
                    .toList());
            long first = -1;
            long last = -1;
            long rows = 0;
            while (reader.loadNextBatch()) {
                BigIntVector twice = (BigIntVector) reader.getVectorSchemaRoot().getVector("twice");
                first = first < 0 ? twice.get(0) : first;
                last = twice.get(twice.getValueCount() - 1);
                rows += twice.getValueCount();
            }
            said.add(first + ".." + last);
            said.add(String.valueOf(rows));
            return said;
        }
    }
}
