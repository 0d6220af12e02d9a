package org.arrownpz.io;

import org.arrownpz.internal.memory.RuntimeSupport;

/**
 * Whether Arrow works with the flags and the jars of this JVM.
 *
 * <p>Opening a file checks that by itself. An application makes its allocator before that, and Arrow's own errors there,
 * such as an {@link ExceptionInInitializerError} without a text, seldom say what helps. So ask first:
 *
 * <pre>{@code
 * ArrowRuntime.check();
 * try (BufferAllocator allocator = new RootAllocator();
 *         Frame frame = Frames.open(allocator, Path.of("prices.npz"))) {
 *     System.out.println(frame.schema());
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class ArrowRuntime {
    private ArrowRuntime() {}

    /**
     * Allocates a byte and writes to it. Costs what the first allocation would cost, and nothing from then on.
     *
     * @throws IllegalStateException whose message is one sentence that names the flag of {@code java} or the jar that
     *     helps: {@code java.nio} is not open to Arrow, the JVM denies {@code sun.misc.Unsafe}, there is no allocator on the
     *     class path, or one that does not fit the Netty there
     */
    public static void check() {
        RuntimeSupport.checkAll();
    }

    /** The meaning of a failure of Arrow's allocators on this JVM, in one sentence that names the flag or the jar. */
    public static IllegalStateException explain(Throwable failure) {
        return RuntimeSupport.explain(failure);
    }
}
