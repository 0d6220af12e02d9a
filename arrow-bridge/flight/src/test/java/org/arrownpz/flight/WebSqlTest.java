package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements and statistics by HTTP. */
class WebSqlTest {
    @TempDir
    static Path directory;

    private static WebCalls calls;

    @BeforeAll
    static void serve() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            FlightCalls.write(directory.resolve("prices.npz"), 1000, allocator);
        }
        double[] values = {1, 2, Double.NaN, 4, Double.POSITIVE_INFINITY, 5};
        Npz.save(directory.resolve("odd.npz"), Map.of("x\"y", values, "n", new long[] {3, 3, 3, 3, 3, 3}));
        calls = new WebCalls(directory, ServerOptions.defaults().withSql(256 << 20));
    }

    @AfterAll
    static void close() {
        calls.close();
    }

    private static HttpResponse<byte[]> post(String body, String... headers) throws Exception {
        return calls.send(calls.request("/sql?limit=5")
                .headers("Content-Type", "application/json", "Accept", "application/json")
                .headers(headers.length == 0 ? new String[] {"X-None", "none"} : headers)
                .POST(BodyPublishers.ofString(body)));
    }

    private static String statement(String sql) {
        return WebCalls.JSON.createObjectNode().put("sql", sql).toString();
    }

    @Test
    void answersWithJsonUpToALimitAndSaysWhetherThereIsMore() throws Exception {
        HttpResponse<byte[]> answer =
                post("{\"sql\":\"SELECT twice, name FROM prices WHERE twice > ? ORDER BY key\",\"parameters\":[10]}");
        JsonNode result = WebCalls.JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(result.toString()).isEqualTo(200);
        assertThat(result.get("columns").findValuesAsText("name")).containsExactly("twice", "name");
        assertThat(result.get("rows").toString())
                .isEqualTo("[[12,\"n6\"],[14,null],[16,\"n8\"],[18,\"n9\"],[20,null]]");
        assertThat(result.get("more").booleanValue()).isTrue();
        assertThat(answer.headers().firstValue("Query-Id"))
                .contains(result.get("id").textValue());
    }

    @Test
    void answersWithAnArrowStreamOfAllRows() throws Exception {
        HttpResponse<byte[]> answer = calls.send(calls.request("/sql")
                .headers("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString(statement("SELECT * FROM prices"))));
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apache.arrow.stream");
        try (ArrowReader reader =
                new ArrowStreamReader(Channels.newChannel(new ByteArrayInputStream(answer.body())), calls.allocator)) {
            long rows = 0;
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
            assertThat(rows).isEqualTo(1000);
        }
    }

    @Test
    void tellsThePlaceOfAnError() throws Exception {
        String sql = "SELECT key\nFROM prices WHERE nothing = 1";
        HttpResponse<byte[]> answer = post(statement(sql));
        JsonNode problem = WebCalls.JSON.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problem.get("detail").textValue()).contains("nothing");
        assertThat(problem.get("position").intValue()).isEqualTo(sql.indexOf("nothing"));
        StringBuilder longer = new StringBuilder("SELECT ");
        for (int i = 0; i < 40; i++) {
            longer.append("key + ").append(i).append(" + ");
        }
        longer.append("nothing FROM prices");
        assertThat(WebCalls.JSON
                        .readTree(post(statement(longer.toString())).body())
                        .get("position")
                        .intValue())
                .isEqualTo(longer.indexOf("nothing"));
    }

    @Test
    void refusesWhatAFormOfAForeignPageCouldSend() throws Exception {
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
            HttpResponse<byte[]> answer = calls.send(calls.request("/sql")
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(statement("SELECT 1"))));
            assertThat(answer.statusCode()).isEqualTo(415);
        }
        assertThat(post("{\"sql\":1}").statusCode()).isEqualTo(400);
        assertThat(post("{\"sql\":\"SELECT 1\",\"else\":1}").statusCode()).isEqualTo(400);
        assertThat(post("nothing").statusCode()).isEqualTo(400);
    }

    @Test
    void endsAStatementByItsId() throws Exception {
        String id = UUID.randomUUID().toString();
        CompletableFuture<HttpResponse<byte[]>> running = CompletableFuture.supplyAsync(() -> {
            try {
                return post(statement(FlightCalls.ENDLESS_QUERY), "Query-Id", id);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Await.until(() -> calls.send(calls.request("/sql/" + id).DELETE()).statusCode() == 204, () -> "it is not so");
        assertThat(running.get().statusCode()).isEqualTo(499);
        assertThat(calls.send(calls.request("/sql/" + id).DELETE()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void endsAStatementWhoseClientGoes() throws Exception {
        byte[] body = statement(FlightCalls.ENDLESS_QUERY).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("localhost", calls.server.httpPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(body);
            out.flush();
            Await.until(
                    () -> new String(calls.get("/metrics").body()).contains("arrownpz_queries 1"),
                    () -> "it is not so");
        }
        Await.until(
                () -> new String(calls.get("/metrics").body()).contains("arrownpz_queries 0"), () -> "it is not so");
    }

    @Test
    void tellsFiguresOnNumbersAndText() throws Exception {
        JsonNode odd = calls.json("/tables/odd/stats?column=x%22y");
        assertThat(odd.get("count").longValue()).as(odd.toString()).isEqualTo(6);
        assertThat(odd.get("nan").longValue()).isEqualTo(1);
        assertThat(odd.get("min").doubleValue()).isEqualTo(1);
        assertThat(odd.get("max").textValue()).isEqualTo("∞");
        assertThat(odd.get("histogram").get("edges").get(32).doubleValue()).isEqualTo(5);
        assertThat(odd.get("histogram").get("counts").get(31).longValue()).isEqualTo(1);
        JsonNode same = calls.json("/tables/odd/stats?column=n");
        assertThat(same.get("mean").doubleValue()).isEqualTo(3);
        assertThat(same.get("distinct").longValue()).isEqualTo(1);
        assertThat(same.get("histogram").get("counts").get(0).longValue()).isEqualTo(6);
        JsonNode text = calls.json("/tables/prices/stats?column=name");
        assertThat(text.get("nulls").longValue()).isEqualTo(333);
        assertThat(text.get("top").get(0).toString()).isEqualTo("{\"value\":\"n0\",\"count\":1}");
        assertThat(calls.get("/tables/prices/stats?column=none").statusCode()).isEqualTo(400);
        assertThat(calls.get("/tables/prices/stats").statusCode()).isEqualTo(400);
    }
}
