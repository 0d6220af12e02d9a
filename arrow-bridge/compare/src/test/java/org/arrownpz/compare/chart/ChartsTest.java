package org.arrownpz.compare.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.arrownpz.NpzException;
import org.arrownpz.compare.Made;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartsTest {
    @TempDir
    Path directory;

    private static Element svg(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }

    private static List<String> texts(Element svg) {
        NodeList nodes = svg.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void drawsEveryPanelAsPngAndSvg() throws Exception {
        List<Path> files = Charts.writeComparisons(Collections.nCopies(9, Made.comparison()), directory.resolve("new"));
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("read.png", "read.svg", "write.png", "write.svg", "size.png", "size.svg");
        for (Path file : files) {
            if (file.toString().endsWith(".png")) {
                BufferedImage image = ImageIO.read(file.toFile());
                assertThat(image.getWidth()).isEqualTo(3 * BarChart.WIDTH);
            } else {
                Element svg = svg(file);
                assertThat(svg.getTagName()).isEqualTo("svg");
                assertThat(svg.getAttribute("width")).isEqualTo("" + 3 * BarChart.WIDTH);
                assertThat(texts(svg).stream().filter("uniform tall, 10 rows"::equals))
                        .hasSize(9);
            }
        }
    }

    @Test
    void namesEveryBarAndItsFigures() throws Exception {
        List<Path> files = Charts.writeComparisons(List.of(Made.comparison()), directory);
        assertThat(texts(svg(files.get(1))))
                .contains(
                        "floor: mmap + touch  1.00 ms",
                        "NPZ aligned, Frames.open  2.00 ms | 1.00 ms lazy",
                        "Feather plain, ArrowFileReader  2.00 ms | 2.00 ms",
                        "1 ms",
                        "10 ms");
        assertThat(texts(svg(files.get(3)))).contains("NPZ aligned, Frames.write  2.00 ms");
        assertThat(texts(svg(files.get(5)))).contains("NPZ aligned  1.00 kB", "Feather plain  1.10 kB", "0 B");
    }

    @Test
    void drawsTheSamePictureEachTime() throws Exception {
        Path one = Charts.writeComparisons(List.of(Made.comparison()), directory.resolve("one"))
                .get(1);
        Path other = Charts.writeComparisons(List.of(Made.comparison()), directory.resolve("other"))
                .get(1);
        assertThat(one).hasSameTextualContentAs(other);
    }

    @Test
    void drawsASingleTableAsOnePanel() throws Exception {
        Path png =
                Charts.writeComparisons(List.of(Made.comparison()), directory).get(0);
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(BarChart.WIDTH);
    }

    @Test
    void drawsTablesThatNobodyMeasured() throws Exception {
        Path svg = Charts.writeComparisons(List.of(Made.comparison(List.of())), directory)
                .get(1);
        assertThat(texts(svg(svg))).contains("uniform tall, 10 rows");
    }

    @Test
    void escapesMarkupAndControlCharacters() throws Exception {
        Picture picture = new Picture(10, 10);
        picture.text(0, 0, 12, false, 0, "<a> & \u0001\"b\"");
        picture.writeSvg(directory.resolve("x.svg"));
        assertThat(texts(svg(directory.resolve("x.svg")))).containsExactly("<a> & \\u0001\"b\"");
    }

    @Test
    void saysWhereChartsCannotBeWritten() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> Charts.writeComparisons(List.of(Made.comparison()), file))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("charts");
    }

    @Test
    void putsLinesAtPowersOfTenOrAtRoundNumbers() {
        BarChart.Axis times = BarChart.Axis.logarithmic(2e5, 3e6);
        assertThat(times.lines()).containsExactly(1e5, 1e6, 1e7);
        assertThat(times.position(1e6)).isCloseTo(0.5, within(1e-9));
        assertThat(BarChart.Axis.logarithmic(1e3, 1e3).lines()).containsExactly(1e3, 1e4);
        assertThat(BarChart.Axis.logarithmic(1, 1e10).lines()).hasSize(6);
        assertThat(BarChart.Axis.linear(8e6).lines()).containsExactly(0.0, 2e6, 4e6, 6e6, 8e6);
        assertThat(BarChart.Axis.linear(0).lines()).hasSize(3);
        assertThat(BarChart.Axis.linear(4e6).position(1e6)).isEqualTo(0.25);
    }
}
