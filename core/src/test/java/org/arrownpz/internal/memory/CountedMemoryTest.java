package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CountedMemoryTest {
    private static final int TIMES = 100_000;

    private final BufferAllocator allocator = new RootAllocator();
    private final AtomicInteger freed = new AtomicInteger();
    private final MappedReferenceManager memory =
            new MappedReferenceManager(allocator, 4096L, 64, freed::incrementAndGet);

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    /** Whether the one is ever true while another thread does the other thing many times. */
    private static boolean ever(BooleanSupplier one, Runnable other) {
        CompletableFuture<Void> thread = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < TIMES; i++) {
                other.run();
            }
        });
        boolean ever = false;
        while (!ever && !thread.isDone()) {
            ever = one.getAsBoolean();
        }
        thread.join();
        return ever;
    }

    private static void refused(Runnable action) {
        try {
            action.run();
        } catch (IllegalArgumentException | IllegalStateException e) {
            return;
        }
        throw new AssertionError("it is not refused");
    }

    @Test
    @DisplayName("B5: freed memory is not retained, whatever another thread tries at the same time")
    void doesNotRetainFreedMemory() {
        memory.release();
        assertThat(ever(memory::tryRetain, () -> refused(() -> memory.retain(1))))
                .isFalse();
        assertThat(memory.getRefCount()).isZero();
        assertThat(freed).hasValue(1);
    }

    @Test
    @DisplayName("B5: a release of too many does not keep others from what is theirs")
    void retainsMemoryThatAnotherReleasesTooOften() {
        assertThat(ever(() -> !memory.tryRetain() || memory.release(), () -> refused(() -> memory.release(1000))))
                .isFalse();
        assertThat(memory.getRefCount()).isEqualTo(1);
        assertThat(memory.release()).isTrue();
        assertThat(freed).hasValue(1);
    }

    @Test
    void countsNoMoreReferencesThanAnIntHolds() {
        memory.retain(Integer.MAX_VALUE - 1);
        assertThatThrownBy(memory::retain).isInstanceOf(ArithmeticException.class);
        assertThat(memory.getRefCount()).isEqualTo(Integer.MAX_VALUE);
        assertThat(memory.release(Integer.MAX_VALUE)).isTrue();
    }
}
