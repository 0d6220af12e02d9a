package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page over files that would harm it, and large ones, in a browser. */
class HostilePageTest {
    private static final long ROWS = Effort.of(10_000_000, 100_000_000);
    private static final String SCRIPT = "<img src=x onerror=\"document.title='taken'\">";

    @TempDir
    static Path directory;

    @TempDir
    static Path scratch;

    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        PageFiles.npy(directory.resolve("long.npy"), "<f4", "(" + ROWS + ", 1)", 4 * ROWS);
        PageFiles.npy(directory.resolve("wide.npy"), "<f4", "(1000, 10000)", 40_000_000);
        Npz.save(
                directory.resolve("html.npz"),
                Map.of(SCRIPT, new String[] {SCRIPT, "<b>bold</b>", "\u202Eabc"}, "a/b", new long[] {
                    1, 2, Long.MAX_VALUE
                }));
        double[] layer = new double[50_000];
        Arrays.setAll(layer, i -> i % 7 == 0 ? Double.NaN : i);
        Npz.save(
                directory.resolve("model.npz"),
                Map.of(SCRIPT, layer, "x", new float[4][3][5][6], "empty", new float[0][3]));
        byte[] whole = Files.readAllBytes(Path.of("../../samples/prices.npz"));
        Files.write(directory.resolve("cut.npz"), Arrays.copyOf(whole, whole.length / 2));
        whole[whole.length / 3] ^= 64;
        Files.write(directory.resolve("flipped.npz"), whole);
        browser = new Browser(directory, scratch);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingOfAFileRanAndNoOtherHostIsAsked() {
        assertThat(browser.complaints("/tables/cut", "/tables/flipped", "index=99"))
                .isEmpty();
        assertThat(browser.script("return document.title")).asString().doesNotContain("taken");
        assertThat(browser.script("return document.querySelectorAll('main img, main b b, main script').length"))
                .isEqualTo(0L);
        browser.requireOnlyOurHost();
    }

    @Test
    void showsNamesAndValuesAsText() {
        for (String view : new String[] {"table", "schema", "arrays", "chart", "sql", "get"}) {
            browser.show("html/" + view);
            browser.await(".views [aria-current][href$='/" + view + "']", "");
        }
        browser.show("html/table");
        browser.await(".head", SCRIPT);
        browser.await(".row:not(.head)", SCRIPT);
        browser.await(".pane", String.valueOf(Long.MAX_VALUE));
        browser.show("html/schema");
        browser.click(".schema button", SCRIPT);
        browser.await(".top", SCRIPT);
    }

    @Test
    void scrollsToEveryRow() {
        browser.show("long/table");
        browser.await(".cell", "0 · 0 = 0");
        browser.script("const g = document.querySelector('.grid'); g.scrollTop = g.scrollHeight");
        browser.await(".pane .row:last-child .number", String.format("%,d", ROWS - 1));
        browser.script("const g = document.querySelector('.grid'); g.scrollTop = g.scrollHeight / 2");
        browser.await(".pane .row:last-child", "0");
        browser.script("const i = document.querySelector('.gridbox input'); i.value = 7654321; i.onchange()");
        browser.await(".cell", "7,654,321 · 0 = 0");
        browser.await("#active-cell", "0");
        browser.script("document.querySelector('.grid').scrollTop += 280");
        browser.await(".pane .row:nth-child(2) .number", "7,654,331");
    }

    @Test
    void drawsEveryManyThRowOfALongColumn() {
        browser.show("long/chart");
        browser.await(".chart > .note", "4,000 points of rows 0 to " + String.format("%,d", ROWS) + ", one of");
    }

    @Test
    void scrollsToEveryColumn() {
        browser.show("wide/table");
        browser.await(".cell", "0 · 0 = 0");
        browser.script("const g = document.querySelector('.grid'); g.scrollLeft = g.scrollWidth");
        browser.await(".head > :last-child", "9999");
        browser.await(".pane .row:nth-child(2) > :last-child", "0");
        assertThat((long) browser.script("return document.querySelectorAll('.pane div').length"))
                .isLessThan(1000);
        browser.show("wide/schema");
        browser.await(".schema .note", "500 of 10,000 columns");
    }

    @Test
    void showsArraysOfAModel() {
        browser.show("model/arrays");
        for (String name : new String[] {SCRIPT, "empty", "x"}) {
            browser.click(".members button", name);
            browser.await(".array h3", name);
        }
        browser.await(".array .legend", "0");
        browser.script("const i = document.querySelectorAll('.array input'); i[0].value = 99; i[0].onchange()");
        browser.await(".array .failure", "no such position");
    }

    @Test
    void saysWhatIsDamaged() {
        browser.show("cut");
        browser.await(".failure", "ZIP_STRUCTURE");
        browser.await("#list .bad", "unreadable");
        browser.show("flipped/table");
        browser.await("h1", "flipped");
    }
}
