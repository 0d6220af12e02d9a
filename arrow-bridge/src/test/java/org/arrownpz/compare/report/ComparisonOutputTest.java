package org.arrownpz.compare.report;

import org.arrownpz.compare.chart.BarPanel;
import org.arrownpz.compare.chart.ComparisonCharts;
import org.arrownpz.compare.chart.Contours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.arrownpz.NpzException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ComparisonOutputTest {
    @TempDir
    Path directory;

    private static JsonNode json(Comparison comparison) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            ComparisonJson.write(comparison, out);
        }
        return new ObjectMapper().readTree(text.toString());
    }

    @Test
    void writesEachTimeWithQuartilesAndItsRatioToTheFloor() throws IOException {
        JsonNode result = json(Made.comparison()).get("results").get(3);
        assertThat(result.get("form").asText()).isEqualTo("npz_aligned");
        assertThat(result.get("kind").asText()).isEqualTo("ours");
        assertThat(result.get("lazy_part").asDouble()).isEqualTo(0.9);
        JsonNode touch = result.get("touch");
        assertThat(touch.get("median_ns").asLong()).isEqualTo(2_000_000);
        assertThat(touch.get("best_ns").asLong()).isEqualTo(1_000_000);
        assertThat(touch.get("quartile_1_ns").asLong()).isEqualTo(1_500_000);
        assertThat(touch.get("quartile_3_ns").asLong()).isEqualTo(2_500_000);
        assertThat(touch.get("samples").asInt()).isEqualTo(3);
        assertThat(touch.get("over_floor").asDouble()).isEqualTo(2.0);
    }

    @Test
    void givesNoRatioForOpeningWhichLeavesValuesUnread() throws IOException {
        JsonNode result = json(Made.comparison()).get("results").get(3);
        assertThat(result.get("open").get("over_floor").isNull()).isTrue();
        assertThat(result.get("cell").get("over_floor").isNull()).isTrue();
    }

    @Test
    void writesAllThatTheTableSays() throws IOException {
        JsonNode json = json(Made.comparison());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "title",
                        "data",
                        "rows",
                        "columns",
                        "value_bytes",
                        "checksum",
                        "conditions",
                        "lazy",
                        "files",
                        "results",
                        "fidelity",
                        "missing",
                        "verdict",
                        "environment");
        assertThat(json.get("conditions").asText()).contains("warm");
        assertThat(json.get("files")).hasSize(2);
        assertThat(json.get("fidelity").get(0).get("lost_elsewhere").get(0).asText())
                .isEqualTo("the frame's name");
        assertThat(json.get("results").get(0).get("form").isNull()).isTrue();
        assertThat(json.get("environment").get("load_after").asDouble()).isEqualTo(1.5);
    }

    @Test
    void drawsEveryPanelAsPngAndSvg() throws Exception {
        List<Path> files = ComparisonCharts.write(Collections.nCopies(9, Made.comparison()), directory.resolve("new"));
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("read.png", "read.svg", "write.png", "write.svg", "size.png", "size.svg");
        for (Path file : files) {
            if (file.toString().endsWith(".png")) {
                BufferedImage image = ImageIO.read(file.toFile());
                assertThat(image.getWidth()).isEqualTo(3 * BarPanel.WIDTH);
            } else {
                Element svg = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile())
                        .getDocumentElement();
                assertThat(svg.getTagName()).isEqualTo("svg");
                assertThat(svg.getAttribute("width")).isEqualTo("" + 3 * BarPanel.WIDTH);
                NodeList uses = svg.getElementsByTagName("use");
                NodeList shapes = svg.getElementsByTagName("path");
                assertThat(shapes.getLength()).isPositive().isLessThan(uses.getLength() / 2);
            }
        }
    }

    @Test
    void drawsASingleTableAsOnePanel() throws Exception {
        Path png = ComparisonCharts.write(List.of(Made.comparison()), directory).get(0);
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(BarPanel.WIDTH);
    }

    @Test
    void saysWhereChartsCannotBeWritten() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> ComparisonCharts.write(List.of(Made.comparison()), file))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("charts");
    }

    @Test
    void takesLettersApartButNotTheirHolesAndDots() {
        Path2D line = new Path2D.Double();
        line.append(new Rectangle(0, 0, 10, 10), false);
        line.append(new Rectangle(3, 3, 4, 4), false);
        line.append(new Rectangle(12, 0, 2, 8), false);
        line.append(new Rectangle(12, 9, 2, 1), false);
        line.append(new Rectangle(20, 0, 5, 10), false);
        assertThat(Contours.apart(line))
                .extracting(Shape::getBounds)
                .containsExactly(new Rectangle(0, 0, 10, 10), new Rectangle(12, 0, 2, 10), new Rectangle(20, 0, 5, 10));
    }

    @Test
    void printsNumbersWithThreeDigitsAndAUnit() {
        assertThat(Units.time(999)).isEqualTo("999 ns");
        assertThat(Units.time(1_234_567)).isEqualTo("1.23 ms");
        assertThat(Units.time(99_960_000_000.0)).isEqualTo("100 s");
        assertThat(Units.bytes(8_024_883)).isEqualTo("8.02 MB");
        assertThat(Units.ratio(12.34)).isEqualTo("12.3 x");
    }
}
