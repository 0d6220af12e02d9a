package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class PlainMemoryTest {
    private static final Location NOWHERE = Location.ofFile(null);
    private static final long MEDIUM = (1 << 20) + 24;

    private static ArrowBuf allocate(BufferAllocator allocator, long bytes) throws NpzException {
        return PlainMemory.allocate(allocator, bytes, NOWHERE, "a test");
    }

    @Test
    void isAccountedWithTheAllocator(BufferAllocator allocator) throws Exception {
        try (ArrowBuf buffer = allocate(allocator, MEDIUM)) {
            assertThat(buffer.capacity()).isEqualTo(MEDIUM);
            assertThat(buffer.writerIndex()).isZero();
            assertThat(buffer.memoryAddress() % 64).isZero();
            assertThat(allocator.getAllocatedMemory()).isEqualTo(MEDIUM);
            buffer.setLong(0, 1);
            buffer.setLong(MEDIUM - 8, 2);
            assertThat(buffer.getLong(0) + buffer.getLong(MEDIUM - 8)).isEqualTo(3);
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void comesInEverySize(BufferAllocator allocator) throws Exception {
        for (long bytes : new long[] {0, 1, 4096, (512 << 10) - 1, 512 << 10, 4 << 20, 32 << 20, (32 << 20) + 1}) {
            try (ArrowBuf buffer = allocate(allocator, bytes)) {
                assertThat(buffer.capacity()).isEqualTo(bytes);
                if (bytes > 0) {
                    buffer.setByte(bytes - 1, 7);
                }
            }
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void staysWithinTheLimit() throws Exception {
        try (BufferAllocator small = new RootAllocator(2 * MEDIUM);
                ArrowBuf first = allocate(small, MEDIUM)) {
            assertThat(first.capacity()).isEqualTo(MEDIUM);
            assertThatThrownBy(() -> allocate(small, 2 * MEDIUM))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThat(small.getAllocatedMemory()).isEqualTo(MEDIUM);
        }
    }

    @Test
    void movesToAnotherAllocator() throws Exception {
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator from = root.newChildAllocator("from", 0, Long.MAX_VALUE);
                BufferAllocator to = root.newChildAllocator("to", 0, Long.MAX_VALUE)) {
            ArrowBuf buffer = allocate(from, MEDIUM);
            ArrowBuf moved =
                    buffer.getReferenceManager().transferOwnership(buffer, to).getTransferredBuffer();
            buffer.close();
            assertThat(from.getAllocatedMemory()).isZero();
            assertThat(to.getAllocatedMemory()).isEqualTo(MEDIUM);
            moved.close();
        }
    }

    private interface Refusal {
        void check(String method);
    }

    /** An allocator that asks before each of its methods. */
    private static BufferAllocator refusing(BufferAllocator allocator, Refusal refusal) {
        return (BufferAllocator) Proxy.newProxyInstance(
                PlainMemoryTest.class.getClassLoader(),
                new Class<?>[] {BufferAllocator.class},
                (proxy, method, arguments) -> {
                    refusal.check(method.getName());
                    try {
                        return method.invoke(allocator, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void isTheAllocatorsOwnWhereItTakesNoOther(BufferAllocator allocator) throws Exception {
        BufferAllocator old = refusing(allocator, method -> {
            if (method.equals("wrapForeignAllocation")) {
                throw new UnsupportedOperationException();
            }
        });
        try (ArrowBuf buffer = allocate(old, MEDIUM)) {
            assertThat(buffer.capacity()).isEqualTo(MEDIUM);
        }
    }

    @Test
    void freshMemoryIsNeverTheAllocatorsZeroedOne(BufferAllocator allocator) throws Exception {
        BufferAllocator foreign =
                refusing(allocator, method -> assertThat(method).isNotEqualTo("buffer"));
        long length = 100L << 20;
        try (ArrowBuf buffer = PlainMemory.fresh(foreign, length, NOWHERE, "a test")) {
            assertThat(buffer.capacity()).isEqualTo(length);
            assertThat(allocator.getAllocatedMemory()).isEqualTo(length);
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void freshMemoryBeyondTheJvmsLimitIsTheAllocatorsToRefuse(BufferAllocator allocator) {
        BufferAllocator own = refusing(allocator, method -> {
            assertThat(method).isNotEqualTo("wrapForeignAllocation");
            if (method.equals("buffer")) {
                throw new OutOfMemoryException();
            }
        });
        long length = Runtime.getRuntime().maxMemory() + 1;
        assertThatThrownBy(() -> PlainMemory.fresh(own, length, NOWHERE, "a test"))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    }

    @Test
    void isGivenBackWhenAListenerRefuses() throws Exception {
        AllocationListener refusing = new AllocationListener() {
            @Override
            public void onPreAllocation(long size) {
                throw new IllegalStateException("not now");
            }
        };
        try (BufferAllocator root = new RootAllocator(refusing, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> allocate(root, MEDIUM))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("not now");
            assertThat(root.getAllocatedMemory()).isZero();
        }
    }
}
