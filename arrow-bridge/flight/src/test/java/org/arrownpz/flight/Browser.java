package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.Await;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The server's page in Debian's Chromium, over a directory. Tests that need it are left out where there is none. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String TOKEN = "let-me-in";
    /** It says that it knows the protocol of older browsers only, which is not used here. */
    private static final Logger CHATTER = Logger.getLogger("org.openqa.selenium");

    private static final Pattern REQUEST = Pattern.compile(
            "\"method\":\"Network\\.requestWillBeSent\".*?\"request\":\\{.*?\"url\":\"([^\"]*)\"", Pattern.DOTALL);

    private final BufferAllocator allocator = new RootAllocator();
    private final NpzFlightServer server;
    private final ChromeDriver driver;
    private final List<String> errors = new ArrayList<>();
    private final Set<String> asked = new TreeSet<>();

    /** @param scratch an empty directory, for downloads and what the browser keeps */
    Browser(Path served, Path scratch) throws Exception {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "chromium and chromium-driver are not installed");
        server = NpzFlightServer.start(
                allocator,
                served,
                ServerOptions.defaults()
                        .withToken(TOKEN)
                        .withHttp(0)
                        .withSql(256 << 20)
                        .readOnly());
        CHATTER.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.setExperimentalOption("prefs", Map.of("download.default_directory", scratch.toString()));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,800",
                "--user-data-dir=" + Files.createDirectory(scratch.resolve("profile")));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER.toString()))
                .build();
        driver = new ChromeDriver(service, options);
        driver.get(server.browserUri());
        // The driver may be back before the page's modules have run, which take the code out of the address.
        Await.until(() -> script("return sessionStorage.getItem('token')") != null, () -> "the page has no session");
    }

    /** Shows a view of a file, by its name as it stands in the address. */
    void show(String address) {
        script("location.hash = arguments[0]", "#" + address);
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** The text of the first element that matches, or nothing. */
    String text(String css) {
        return String.valueOf(script("return document.querySelector(arguments[0])?.textContent ?? ''", css));
    }

    /** Waits; what does not come within seconds does not come. */
    void until(Callable<Boolean> condition, Supplier<String> found) {
        assertThat(Await.holds(PATIENCE, condition))
                .as(() -> found.get() + " in " + text("main"))
                .isTrue();
    }

    /** Waits until an element that matches has this text in it. */
    void await(String css, String text) {
        until(
                () -> text.isEmpty()
                        ? script("return document.querySelector(arguments[0])", css) != null
                        : text(css).contains(text),
                () -> css + " is " + text(css) + ", not " + text);
    }

    /** Clicks the element that matches and has this text, as soon as it is there. */
    void click(String css, String text) {
        until(
                () -> {
                    try {
                        for (WebElement element : driver.findElements(By.cssSelector(css))) {
                            if (element.getText().equals(text)) {
                                element.click();
                                return true;
                            }
                        }
                    } catch (WebDriverException e) {
                        // It was drawn anew meanwhile.
                    }
                    return false;
                },
                () -> "no " + css + " with " + text);
    }

    /** Takes a size and colours of the screen. */
    void screen(int width, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Drags over the middle of an element, from its left third to its right one. */
    void drag(String css) {
        WebElement element = driver.findElement(By.cssSelector(css));
        int third = element.getSize().getWidth() / 3;
        new Actions(driver)
                .moveToElement(element, -third, 0)
                .clickAndHold()
                .moveByOffset(2 * third, 0)
                .release()
                .perform();
    }

    /** Sends keys to the element that has the focus. */
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Replaces what is in a field. */
    void fill(String css, String text) {
        WebElement field = driver.findElement(By.cssSelector(css));
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    /** What the console told since the last call; of answers to requests only those that this test did not expect. */
    List<String> complaints(String... expected) {
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            String message = entry.getMessage();
            boolean refused = message.contains("Failed to load resource")
                    && List.of(expected).stream().anyMatch(message::contains);
            if (!refused) {
                errors.add(message);
            }
        }
        return errors;
    }

    /** Asserts that the page asked no other host. */
    void requireOnlyOurHost() {
        String ours = URI.create(server.httpUri()).getAuthority();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            Matcher request = REQUEST.matcher(entry.getMessage());
            // Those of the tab that the browser begins with have schemes of its own.
            if (request.find() && request.group(1).startsWith("http")) {
                asked.add(
                        URI.create(request.group(1).replaceFirst("[?#].*", "")).getAuthority());
            }
        }
        assertThat(asked).containsExactly(ours);
    }

    @Override
    public void close() {
        try (allocator;
                server) {
            driver.quit();
        }
    }
}
