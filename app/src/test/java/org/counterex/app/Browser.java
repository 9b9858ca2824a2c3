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

/** A headless Chromium that looks at the page. Whatever does not happen within a minute fails. */
final class Browser implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int HEIGHT = 900;

    private final ChromeDriver driver;
    private final Path screenshots;

    private Browser(Path chromium, Path chromedriver, Path screenshots) throws IOException {
        this.screenshots = Files.createDirectories(screenshots);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        // Without its sandbox, since tests may run as root; it sees nothing but the page of this test.
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

    /** Starts the one of this machine. Where there is none, tests are skipped, loudly; under CI they fail. */
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

    /** How wide the window is, in pixels. */
    void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", pixels < 500));
    }

    /** What the system of the viewer prefers. */
    void prefers(String colours) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** Runs a script in each page that is opened, before its own, until this is closed. */
    AutoCloseable beforePages(String script) {
        Map<String, Object> answer =
                driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
        return () -> driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", answer);
    }

    /** Opens an address as if for the first time; if it has a token, the page has taken it when this returns. */
    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
        await("token taken", this::address, shown -> !shown.contains("token"));
    }

    /** Forgets what the page has kept. */
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

    /** The element, once it is there and seen. */
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

    /** Puts something in the place of what a field has. */
    void type(String selector, CharSequence... keys) {
        element(selector).sendKeys(Keys.chord(Keys.CONTROL, "a"));
        press(keys);
    }

    /** The text of an element once it is as wanted. */
    String awaitText(String selector, Predicate<String> wanted) {
        return await(
                selector, () -> driver.findElement(By.cssSelector(selector)).getText(), wanted);
    }

    /** What is looked at again and again until it is as wanted; if it does not become so, a screenshot tells what was instead. */
    private <T> T await(String alias, Callable<T> look, Predicate<T> wanted) {
        try {
            return Awaitility.await(alias)
                    .atMost(DEADLINE)
                    .ignoreExceptionsInstanceOf(WebDriverException.class)
                    .until(look, wanted);
        } catch (ConditionTimeoutException e) {
            try {
                screenshot("failed-" + System.currentTimeMillis());
            } catch (IOException | WebDriverException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Keys to whatever has the focus. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** What the browser has complained of since it was asked last. */
    List<String> complaints() {
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
