package org.counterex.app;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.Assume;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Headless Chromium with the page. Conditions that are not met within a minute fail. */
final class Browser implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int HEIGHT = 900;

    private final ChromeDriver driver;
    private final Path screenshots;

    private Browser(Path chromium, Path chromedriver, Path screenshots) throws IOException {
        this.screenshots = Files.createDirectories(screenshots);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        // Without its sandbox, because tests may run as root; it loads only the page under test.
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .build();
        driver = new ChromeDriver(service, options);
        width(1280);
    }

    /** Starts the installed browser. If there is none, tests are skipped with a message; under CI they fail. */
    static Browser start(Path screenshots) throws IOException {
        Path chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Path chromedriver = onPath("chromedriver");
        if (chromium == null || chromedriver == null) {
            String message = "no browser for the tests of the page: install chromium and chromedriver"
                    + " (Debian: apt-get install chromium chromium-driver)";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(message);
            }
            System.err.println("*** SKIPPED: " + message + " ***");
            Assume.assumeTrue(message, false);
        }
        return new Browser(chromium, chromedriver, screenshots);
    }

    private static Path onPath(String... names) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
        return Arrays.stream(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Sets the width of the window in pixels. */
    void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", pixels < 500));
    }

    /** Sets the preferred colour scheme of the system. */
    void prefers(String colours) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** Runs a script in every page before its own scripts, until the result is closed. */
    AutoCloseable beforePages(String script) {
        Map<String, Object> answer =
                driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
        return () -> driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", answer);
    }

    /** Opens an address in a fresh page, and waits until the page has taken the token, if the address contains one. */
    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
        await("token taken", this::address, shown -> !shown.contains("token"));
    }

    /** Clears the storage of the page. */
    void forget() {
        script("sessionStorage.clear(); localStorage.clear()");
    }

    void screenshot(String name) throws IOException {
        Files.write(screenshots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    /** Waits for an element to be displayed and returns it. */
    WebElement element(String selector) {
        return await(selector, () -> driver.findElement(By.cssSelector(selector)), WebElement::isDisplayed);
    }

    List<WebElement> elements(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    void click(String selector) {
        WebElement element = element(selector);
        script("arguments[0].scrollIntoView({block: 'center'})", element);
        element.click();
    }

    /** Replaces the content of a field. */
    void type(String selector, CharSequence... keys) {
        element(selector).sendKeys(Keys.chord(Keys.CONTROL, "a"));
        press(keys);
    }

    /** Waits until the text of an element satisfies a condition and returns it. */
    String awaitText(String selector, Predicate<String> condition) {
        return await(
                selector, () -> driver.findElement(By.cssSelector(selector)).getText(), condition);
    }

    /** Polls until a condition is met; saves a screenshot if it is not met in time. */
    private <T> T await(String alias, Callable<T> poll, Predicate<T> condition) {
        try {
            return Awaitility.await(alias)
                    .atMost(DEADLINE)
                    .ignoreExceptionsInstanceOf(WebDriverException.class)
                    .until(poll, condition);
        } catch (ConditionTimeoutException e) {
            try {
                screenshot("failed-" + System.currentTimeMillis());
            } catch (IOException | WebDriverException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Sends keys to the focused element. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Returns the warnings and errors that the browser has logged since the last call. */
    List<String> warnings() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
