package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page over the sample, arrays and an image, in a browser. */
class PageTest {
    @TempDir
    static Path directory;

    @TempDir
    static Path scratch;

    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        Files.copy(Path.of("../../samples/prices.npz"), directory.resolve("prices.npz"));
        Npz.save(directory.resolve("model.npz"), Map.of("bias", new float[] {1, 2, 3}, "weight", new double[][] {
            {0, 1, 2}, {3, 4, Double.NaN}
        }));
        PageFiles.npy(directory.resolve("photo.npy"), "|u1", "(20, 30, 3)", 1800);
        browser = new Browser(directory, scratch);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void theConsoleIsEmpty() {
        assertThat(browser.complaints("/sql", " 401 ")).isEmpty();
        browser.requireOnlyOurHost();
    }

    @Test
    void findsFilesByName() {
        browser.await("#count", "3 files");
        browser.fill("#search", "pri");
        browser.await("#count", "1 file");
        browser.click("#list .name", "prices");
        browser.await("h1", "prices npz · 60 rows");
        browser.fill("#search", String.valueOf(Keys.BACK_SPACE));
        browser.await("#count", "3 files");
    }

    @Test
    void keepsTheTokenOutOfTheAddress() {
        browser.await("#count", "3 files");
        assertThat(browser.script("return location.href")).asString().doesNotContain("token");
    }

    @Test
    void movesThroughCellsByKeys() {
        browser.show("prices/table");
        browser.await(".cell", "0 · ticker = ");
        browser.script("document.querySelector('.grid').focus()");
        browser.type(Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        browser.await(".cell", "1 · date = 20");
        browser.type(Keys.chord(Keys.CONTROL, Keys.END));
        browser.await(".cell", "59 · rating = ");
        assertThat(browser.text("#active-cell")).isNotEmpty();
        browser.type(Keys.chord(Keys.CONTROL, Keys.HOME));
        browser.await(".cell", "0 · ticker = ");
    }

    @Test
    void reachesEveryControlByTab() {
        browser.show("prices/get");
        browser.await("pre", "pd.read_parquet");
        browser.script("document.querySelector('.skip').focus()");
        StringBuilder reached = new StringBuilder();
        for (int i = 0; i < 30 && !reached.toString().contains("curl"); i++) {
            browser.type(Keys.TAB);
            reached.append(browser.script(
                    "return (document.activeElement.textContent || document.activeElement.placeholder) + '|'"));
        }
        assertThat(reached.toString()).contains("SQL|", "Search files|", "prices", "Schema|", "Parquet|", "pandas|");
    }

    @Test
    void tellsWhatIsViewedAndWhatCopied() {
        browser.show("prices/schema");
        browser.click(".schema button", "close");
        browser.await(".facts", "Mean");
        browser.await("table", "UTF-32 text is decoded to UTF-8");
        assertThat(browser.script("return document.querySelectorAll('.bars div').length"))
                .isEqualTo(32L);
        browser.click(".schema button", "rating");
        browser.await(".top", "1");
    }

    @Test
    void drawsChosenColumns() {
        browser.show("prices/chart");
        browser.await(".chart > .note", "60 points of rows 0 to 60.");
        browser.click(".choices label", "volume");
        browser.await(".u-legend", "volume");
        assertThat(browser.script("const c = document.querySelector('.plot canvas');"
                        + "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"))
                .isEqualTo(true);
    }

    @Test
    void runsStatementsAndShowsThePlaceOfAnError() {
        browser.show("/sql");
        browser.await("h1", "SQL");
        browser.fill("textarea", "SELECT ticker, count(*) AS n FROM prices GROUP BY ALL ORDER BY ALL");
        browser.type(Keys.chord(Keys.CONTROL, Keys.ENTER));
        browser.await(".result .head", "nint64");
        browser.fill("textarea", "SELECT 1,\n  clos FROM prices");
        browser.click("button", "Run");
        browser.await(".caret", "  clos FROM prices\n  ^");
    }

    @Test
    void cancelsAStatement() {
        browser.show("/sql");
        browser.await("h1", "SQL");
        browser.fill("textarea", "SELECT count(*) FROM range(1000000000) a, range(1000000) b");
        browser.click("button", "Run");
        browser.await(".note", "Running");
        browser.click("button", "Cancel");
        browser.await(".failure", "CANCELLED");
    }

    @Test
    void showsArraysAsCurveHeatMapAndImage() {
        browser.show("model/arrays");
        browser.click(".members button", "bias");
        browser.await(".u-legend", "bias");
        browser.click(".members button", "weight");
        browser.await(".legend", "04");
        assertThat(browser.script("const c = document.querySelector('canvas'); return c.width * 10 + c.height"))
                .isEqualTo(32L);
        browser.script("const s = document.querySelector('.array select'); s.value = 'values'; s.onchange()");
        browser.await(".array .cell", "0 · 0 = 0");
        browser.show("photo");
        browser.await(".members", "(20, 30, 3)");
        browser.until(
                () -> Long.valueOf(30)
                        .equals(browser.script("return document.querySelector('img.picture')?.naturalWidth")),
                () -> "no picture");
    }

    @Test
    void fitsNarrowAndDarkScreens() {
        browser.screen(390, "dark");
        try {
            for (String view :
                    List.of("/sql", "prices/table", "prices/schema", "prices/chart", "prices/get", "photo")) {
                browser.show(view);
                browser.await("main h1", "");
                browser.until(
                        () -> (Long) browser.script("return document.documentElement.scrollWidth") <= 390,
                        () -> view + " is " + browser.script("return document.documentElement.scrollWidth") + " wide");
            }
            String luminance = "return getComputedStyle(document.body).%s.match(/\\d+/g).slice(0, 3)"
                    + ".reduce((sum, part) => sum + Number(part), 0)";
            assertThat((Long) browser.script(luminance.formatted("backgroundColor")))
                    .isLessThan(200);
            assertThat((Long) browser.script(luminance.formatted("color"))).isGreaterThan(500);
        } finally {
            browser.screen(1280, "light");
        }
    }

    @Test
    void asksForATokenAndGoesOnWithIt() {
        browser.show("prices/schema");
        browser.await("main h1", "prices");
        browser.script("sessionStorage.setItem('token', 'wrong'); location.reload()");
        browser.await("dialog[open]", "asks for a token");
        browser.fill("#token", Browser.TOKEN);
        browser.type(Keys.ENTER);
        browser.await("main h1", "prices npz · 60 rows");
    }

    @Test
    void zoomsIntoAPartOfAChartAndOut() {
        browser.show("prices/chart");
        browser.await(".chart > .note", "60 points of rows 0 to 60.");
        browser.drag(".u-over");
        browser.until(
                () -> browser.text(".chart > .note").matches("[2-4]\\d points of rows [12]?\\d to [345]\\d\\."),
                () -> browser.text(".chart > .note"));
        browser.click("button", "Whole table");
        browser.await(".chart > .note", "60 points of rows 0 to 60.");
    }

    @Test
    void savesATableInEveryFormOfThisModule() {
        browser.show("prices/get");
        for (String form : List.of("Arrow file:arrow", "Arrow stream:arrows", "CSV:csv", "JSON lines:jsonl")) {
            String[] parts = form.split(":");
            browser.click("button", parts[0]);
            browser.await(".get .note", "prices." + parts[1] + ": ");
            browser.until(() -> Files.exists(scratch.resolve("prices." + parts[1])), () -> String.valueOf(files()));
        }
    }

    @Test
    void savesATableAsNpz() throws Exception {
        browser.show("prices/get");
        browser.click("button", "NPZ");
        browser.await(".get .note", "prices.npz: ");
        browser.until(() -> Files.exists(scratch.resolve("prices.npz")), () -> String.valueOf(files()));
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArrays saved = Npz.load(allocator, scratch.resolve("prices.npz"))) {
            assertThat(saved.names()).isNotEmpty();
        }
    }

    private static List<Path> files() {
        try (Stream<Path> files = Files.list(scratch)) {
            return files.toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
