package org.arrownpz.io;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.internal.memory.MappedReferenceManager;
import org.jspecify.annotations.Nullable;

/**
 * Maps parts of files, and unmaps them when their last reference is released.
 *
 * <p>Up to 2 GiB a {@link MappedByteBuffer} serves on every JDK: closing a shared arena stops all threads for a moment,
 * which shows with directories of thousands of small files. Longer mappings need JDK 22's arenas.
 */
final class Mapper {
    /** Mappings start at multiples of this: the page size of Linux and macOS, and the granularity of Windows. */
    static final long GRANULARITY = 1 << 16;

    private static final long MAX_BUFFER = (1L << 31) - GRANULARITY;
    private static final @Nullable Arenas ARENAS = Arenas.find();

    private Mapper() {}

    /** The longest single mapping of this JVM. */
    static long limit() {
        return ARENAS == null ? MAX_BUFFER : Long.MAX_VALUE;
    }

    /**
     * Maps a range that lies within the file and is not empty.
     *
     * @throws IOException when the operating system refuses, or memory is short
     * @throws UnsupportedOperationException when the channel's file system has no mappings
     */
    static MappedReferenceManager map(
            FileChannel channel, MapMode mode, long offset, long length, BufferAllocator allocator) throws IOException {
        if (length <= MAX_BUFFER || ARENAS == null) {
            MappedByteBuffer buffer = channel.map(mode, offset, length);
            return new MappedReferenceManager(allocator, buffer, () -> Cleaner.unmap(buffer));
        }
        return ARENAS.map(channel, mode, offset, length, allocator);
    }

    /** Frees mapped buffers at once rather than when they happen to be collected. */
    private static final class Cleaner {
        private static final MethodHandle INVOKE = find();

        static void unmap(MappedByteBuffer buffer) {
            try {
                INVOKE.invoke((ByteBuffer) buffer);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        /** {@code Unsafe.invokeCleaner}: the one way that needs neither flags nor JDK 22. */
        private static MethodHandle find() {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                Class<?> unsafe = lookup.findClass("sun.misc.Unsafe");
                Field instance = unsafe.getDeclaredField("theUnsafe");
                instance.setAccessible(true);
                return lookup.findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                        .bindTo(instance.get(null));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** {@code FileChannel.map(MapMode, long, long, Arena)} and what belongs to it, which JDK 17 does not have. */
    private record Arenas(MethodHandle open, MethodHandle map, MethodHandle address) {
        private static final int FIRST_FINAL_RELEASE = 22;

        static @Nullable Arenas find() {
            if (Runtime.version().feature() < FIRST_FINAL_RELEASE) {
                return null;
            }
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                Class<?> arena = lookup.findClass("java.lang.foreign.Arena");
                Class<?> segment = lookup.findClass("java.lang.foreign.MemorySegment");
                MethodHandle map = lookup.findVirtual(
                        FileChannel.class,
                        "map",
                        MethodType.methodType(segment, MapMode.class, long.class, long.class, arena));
                return new Arenas(
                        lookup.findStatic(arena, "ofShared", MethodType.methodType(arena)),
                        map,
                        lookup.findVirtual(segment, "address", MethodType.methodType(long.class)));
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }

        MappedReferenceManager map(
                FileChannel channel, MapMode mode, long offset, long length, BufferAllocator allocator)
                throws IOException {
            AutoCloseable arena = null;
            try {
                arena = (AutoCloseable) open.invoke();
                long start = (long) address.invoke(map.invoke(channel, mode, offset, length, arena));
                AutoCloseable opened = arena;
                return new MappedReferenceManager(allocator, start, length, () -> close(opened));
            } catch (Throwable e) {
                close(arena);
                if (e instanceof IOException failure) {
                    throw failure;
                }
                if (e instanceof RuntimeException failure) {
                    throw failure;
                }
                if (e instanceof Error failure) {
                    throw failure;
                }
                throw new IOException(e);
            }
        }

        private static void close(@Nullable AutoCloseable arena) {
            try {
                if (arena != null) {
                    arena.close();
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
