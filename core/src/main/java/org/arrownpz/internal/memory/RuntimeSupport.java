package org.arrownpz.internal.memory;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * Whether Arrow's memory works with the flags and the jars of this JVM; where it does not, one sentence that names the
 * flag or the jar that helps.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class RuntimeSupport {
    /** The flag that Arrow's memory code needs. */
    public static final String REQUIRED_FLAG = "--add-opens=java.base/java.nio=ALL-UNNAMED";

    /** The flag that Arrow and Netty need from JDK 24 on, where warnings are not wanted or Netty is strict. */
    public static final String UNSAFE_FLAG = "--sun-misc-unsafe-memory-access=allow";

    /** The version that brought {@link #UNSAFE_FLAG}. */
    private static final int JDK_WITH_UNSAFE_FLAG = 24;

    private static final String OTHER_ALLOCATOR =
            "or take org.apache.arrow:arrow-memory-unsafe in place of arrow-memory-netty";

    private static final int LONGEST_CHAIN = 20;
    private static final int LONGEST_TEXT = 300;

    private static volatile boolean flagsChecked;
    private static volatile boolean allChecked;

    private RuntimeSupport() {}

    /**
     * Checks the flags. Cheap after the first success. Where Netty may be short of Unsafe, also a small allocation; else
     * none is tried, for the first one takes milliseconds.
     *
     * @throws IllegalStateException naming the missing flag or jar
     */
    public static void check() {
        if (!flagsChecked) {
            checkFlags();
            if (isUnsafeInDoubt()) {
                checkAll();
            }
            flagsChecked = true;
        }
    }

    /**
     * Checks the flags, and that there is an allocator that gives memory.
     *
     * @throws IllegalStateException naming the missing flag or jar
     */
    public static void checkAll() {
        if (!allChecked) {
            checkFlags();
            try (BufferAllocator root = new RootAllocator(64);
                    ArrowBuf buffer = root.buffer(1)) {
                buffer.setByte(0, 1);
            } catch (LinkageError | RuntimeException e) {
                throw explain(e);
            }
            allChecked = true;
        }
    }

    /** The meaning of a failure of Arrow's allocators on this JVM, in one sentence. */
    public static IllegalStateException explain(Throwable failure) {
        String flag = missingFlag();
        return new IllegalStateException(flag == null ? remedy(failure) : flag, failure);
    }

    private static void checkFlags() {
        // Asked beforehand: Arrow's own attempt prints a stack trace.
        String flag = missingFlag();
        if (flag != null) {
            throw new IllegalStateException(flag);
        }
        try {
            MemoryUtil.directBuffer(MemoryUtil.getByteBufferAddress(ByteBuffer.allocateDirect(1)), 0);
        } catch (LinkageError | RuntimeException e) {
            throw explain(e);
        }
    }

    private static @Nullable String missingFlag() {
        if (!Buffer.class.getModule().isOpen("java.nio", ArrowBuf.class.getModule())) {
            return "Arrow cannot reach off-heap memory on this JVM: start java with " + REQUIRED_FLAG;
        }
        if (isUnsafeInDoubt() && unsafeAccess().equals("deny")) {
            return "Arrow needs sun.misc.Unsafe, which this JVM denies: start java with " + UNSAFE_FLAG;
        }
        return null;
    }

    private static String unsafeAccess() {
        return System.getProperty("sun.misc.unsafe.memory.access", "");
    }

    private static boolean isUnsafeInDoubt() {
        return Runtime.version().feature() >= JDK_WITH_UNSAFE_FLAG
                && !unsafeAccess().equals("allow");
    }

    private static String remedy(Throwable failure) {
        String text = text(failure);
        boolean netty = isPresent("netty");
        if (text.contains("No DefaultAllocationManager") || !netty && !isPresent("unsafe")) {
            String type = System.getProperty("arrow.allocation.manager.type");
            return type == null
                    ? "There is no allocator of Arrow on the class path: add org.apache.arrow:arrow-memory-netty or"
                            + " arrow-memory-unsafe, in the version of arrow-vector"
                    : "The allocator that -Darrow.allocation.manager.type=" + SafeText.escape(type)
                            + " asks for is not on the class path: add org.apache.arrow:arrow-memory-netty or"
                            + " arrow-memory-unsafe, or leave the property out";
        }
        if (!netty) {
            return "Arrow cannot use memory on this JVM (" + text + "): take all jars of Arrow in one version";
        }
        if (Boolean.getBoolean("io.netty.noUnsafe")) {
            return "Arrow's allocator needs Netty's use of sun.misc.Unsafe: leave -Dio.netty.noUnsafe=true out, "
                    + OTHER_ALLOCATOR;
        }
        if (isUnsafeInDoubt()) {
            return "Netty does without sun.misc.Unsafe on this JVM, but Arrow's allocator needs it: start java with "
                    + UNSAFE_FLAG + ", " + OTHER_ALLOCATOR;
        }
        return "Arrow's allocator does not fit the Netty on the class path (" + nettyVersions()
                + "): take netty-buffer and netty-common of one version, 4.1.119.Final for one, " + OTHER_ALLOCATOR;
    }

    /** The causes, from the outermost on. */
    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < LONGEST_CHAIN; depth++) {
            text.append(depth == 0 ? "" : "; ").append(cause);
            cause = cause.getCause();
        }
        return SafeText.escape(text.toString(), LONGEST_TEXT);
    }

    /** Whether Arrow's jar with this allocator is there. What failed once has lost its cause, so that texts do not tell. */
    private static boolean isPresent(String allocator) {
        String name = "org/apache/arrow/memory/" + allocator + "/DefaultAllocationManagerFactory.class";
        return loader().getResource(name) != null;
    }

    private static ClassLoader loader() {
        return ArrowBuf.class.getClassLoader();
    }

    /** As Netty's jars tell them: a name and a version each. */
    private static String nettyVersions() {
        TreeSet<String> versions = new TreeSet<>();
        try {
            for (URL list : Collections.list(loader().getResources("META-INF/io.netty.versions.properties"))) {
                Properties properties = new Properties();
                try (InputStream in = list.openStream()) {
                    properties.load(in);
                }
                for (String jar : new String[] {"netty-buffer", "netty-common"}) {
                    String version = properties.getProperty(jar + ".version");
                    if (version != null) {
                        versions.add(jar + " " + SafeText.escape(version, LONGEST_TEXT));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return "whose versions cannot be read";
        }
        return versions.isEmpty() ? "which has no netty-buffer and no netty-common" : String.join(", ", versions);
    }
}
