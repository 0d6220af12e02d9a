package org.arrownpz.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its allocator as a parameter, and fails the test when it leaves memory, a mapped file or an open file
 * behind, also when the test fails itself.
 *
 * <pre>{@code @ExtendWith(LeakCheck.class)
 * class ReaderTest {
 *     @Test
 *     void readsWhatWasWritten(BufferAllocator allocator, @TempDir Path directory) { … }
 * }}</pre>
 *
 * <p>Consumers that release on threads of their own get half a minute, or {@code -Dleakcheck.millis}. Not for tests that
 * run side by side in one JVM.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);
    private static final long PATIENCE_NANOS = 1_000_000 * Long.getLong("leakcheck.millis", 30_000);
    private static final int COLLECTED_EVERY = 50;
    private static final String HOME = Path.of(System.getProperty("java.home")).toString();
    private static final String SCRATCH = Scratch.place() + "/";
    private static final Map<String, Boolean> OF_JVM = new ConcurrentHashMap<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        state(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        state(context).check();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == BufferAllocator.class
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return state(context).allocator();
    }

    private static State state(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(State.class, key -> new State(PATIENCE_NANOS), State.class);
    }

    /** What there was before a test, and its allocator. */
    static final class State {
        private final long patienceNanos;
        private final List<String> mapped = foreign(Maps.mappedFiles());
        private final List<String> open = foreign(Maps.openFiles());
        private @Nullable BufferAllocator allocator;

        State(long patienceNanos) {
            this.patienceNanos = patienceNanos;
        }

        synchronized BufferAllocator allocator() {
            if (allocator == null) {
                allocator = new RootAllocator();
            }
            return allocator;
        }

        void check() {
            List<String> faults = new ArrayList<>();
            AtomicInteger looks = new AtomicInteger();
            Await.holds(Duration.ofNanos(patienceNanos), () -> {
                if (looks.incrementAndGet() % COLLECTED_EVERY == 10) {
                    // Views that Java's own buffers keep go with these; they would later, too.
                    System.gc();
                }
                faults.clear();
                faults.addAll(faults());
                return faults.isEmpty();
            });
            if (allocator != null && allocator.getAllocatedMemory() == 0) {
                allocator.close();
            }
            if (!faults.isEmpty()) {
                throw new AssertionError("The test leaves behind " + String.join("; ", faults));
            }
        }

        private List<String> faults() {
            List<String> faults = new ArrayList<>();
            if (allocator != null && allocator.getAllocatedMemory() != 0) {
                faults.add(
                        allocator.getAllocatedMemory() + " bytes of allocator memory: " + allocator.toVerboseString());
            }
            added("the mapped file ", mapped, Maps::mappedFiles, faults);
            added("the open file ", open, Maps::openFiles, faults);
            return faults;
        }

        private static void added(String what, List<String> before, Supplier<List<String>> now, List<String> faults) {
            List<String> left = foreign(now.get());
            before.forEach(left::remove);
            left.forEach(path -> faults.add(what + path));
        }
    }

    /** Without what belongs to the JVM: it loads jars, classes and libraries whenever it likes. */
    private static List<String> foreign(List<String> paths) {
        List<String> kept = new ArrayList<>();
        for (String path : paths) {
            // Each test asks four times for the same hundreds of paths.
            if (!OF_JVM.computeIfAbsent(path, LeakCheck::isOfJvm)) {
                kept.add(path);
            }
        }
        return kept;
    }

    private static boolean isOfJvm(String path) {
        String plain = path.replaceFirst(" \\(deleted\\)$", "");
        return !plain.startsWith("/")
                || plain.startsWith(HOME)
                || plain.startsWith("/dev/") && !plain.startsWith(SCRATCH)
                || plain.startsWith("/proc/")
                || plain.startsWith("/sys/")
                || plain.contains("/hsperfdata_")
                // Memory shared with processes of statements, which may live on.
                || plain.startsWith("/dev/shm/arrow-npz-sql-")
                // Native libraries, as Arrow unpacks them; once loaded they stay.
                || plain.matches(".*/jnilib-\\d+\\.tmp")
                || plain.matches(".*\\.(so[.0-9]*|jar|class|jsa|log|txt|xml)")
                || plain.startsWith("/usr/lib");
    }
}
