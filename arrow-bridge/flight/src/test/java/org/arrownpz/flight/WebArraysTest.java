package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that are no tables, by HTTP. */
class WebArraysTest {
    @TempDir
    static Path directory;

    private static WebCalls calls;

    @BeforeAll
    static void serve() throws Exception {
        double[][][] cube = new double[2][3][4];
        for (int i = 0; i < 24; i++) {
            cube[i / 12][i / 4 % 3][i % 4] = i;
        }
        long[] line = new long[200_000];
        java.util.Arrays.setAll(line, i -> i == 3 ? Long.MAX_VALUE : i);
        Npz.save(
                directory.resolve("model.npz"),
                Map.of(
                        "layer/cube", cube,
                        "line", line,
                        "plane", new float[1000][1000],
                        "flags", new boolean[] {true, false},
                        "words", new String[] {"a<b>", ""}));
        byte[] header = ("\u0093NUMPY\u0001\u0000" + (char) 118 + (char) 0).getBytes("ISO-8859-1");
        StringBuilder text = new StringBuilder("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3), }");
        text.append(" ".repeat(117 - text.length())).append('\n');
        java.io.ByteArrayOutputStream image = new java.io.ByteArrayOutputStream();
        image.write(header);
        image.write(text.toString().getBytes("ISO-8859-1"));
        image.write(new byte[] {-1, 0, 0, 0, -1, 0, 0, 0, -1, 1, 2, 3});
        java.nio.file.Files.write(directory.resolve("image.npy"), image.toByteArray());
        Npy.save(directory.resolve("doubles.npy"), new double[2][2][2]);
        calls = new WebCalls(directory, ServerOptions.defaults());
    }

    @AfterAll
    static void close() {
        calls.close();
    }

    @Test
    void sendsThePlaneThatLeadingIndexesChoose() throws Exception {
        JsonNode plane = calls.json("/tables/model/arrays/layer%2Fcube?index=1&rows=1:3&cols=:2");
        assertThat(plane.toString())
                .isEqualTo("{\"shape\":[2,3,4],\"dtype\":\"<f8\",\"order\":\"C\",\"step\":1,"
                        + "\"values\":[[16.0,17.0],[20.0,21.0]]}");
        assertThat(calls.json("/tables/model/arrays/layer%2Fcube.npy")
                        .get("values")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void samplesWhatIsLarge() throws Exception {
        JsonNode line = calls.json("/tables/model/arrays/line");
        assertThat(line.get("step").intValue()).isEqualTo(4);
        assertThat(line.get("values").size()).isEqualTo(1);
        assertThat(line.get("values").get(0).size()).isEqualTo(50_000);
        assertThat(line.get("values").get(0).get(2).intValue()).isEqualTo(8);
        JsonNode plane = calls.json("/tables/model/arrays/plane");
        assertThat(plane.get("step").intValue()).isEqualTo(4);
        assertThat(plane.get("values").size()).isEqualTo(250);
        assertThat(plane.get("values").get(249).size()).isEqualTo(250);
    }

    @Test
    void sendsOtherThanNumbersAndWhatNoDoubleHolds() throws Exception {
        assertThat(calls.json("/tables/model/arrays/line?rows=3:4")
                        .get("values")
                        .toString())
                .isEqualTo("[[\"9223372036854775807\"]]");
        assertThat(calls.json("/tables/model/arrays/flags").get("values").toString())
                .isEqualTo("[[true,false]]");
        assertThat(calls.json("/tables/model/arrays/words").get("values").toString())
                .isEqualTo("[[\"a<b>\",\"\"]]");
    }

    @Test
    void drawsPictures() throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                calls.get("/tables/image/arrays/image.npy/image").body()));
        assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFF0000);
        assertThat(image.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x00FF00);
        assertThat(image.getRGB(0, 1) & 0xFFFFFF).isEqualTo(0x0000FF);
        assertThat(image.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0x010203);
    }

    @Test
    void refusesIndexesThatAreNotThereAndPicturesOfOtherThanBytes() throws Exception {
        assertThat(calls.get("/tables/model/arrays/none").statusCode()).isEqualTo(404);
        for (String query : new String[] {"index=9", "index=0,0,0", "index=-1", "index=x", "rows=1"}) {
            assertThat(calls.get("/tables/model/arrays/layer%2Fcube?" + query).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(calls.get("/tables/doubles/arrays/doubles/image").statusCode())
                .isEqualTo(400);
        assertThat(calls.get("/tables/model/arrays/line/image").statusCode()).isEqualTo(400);
    }
}
