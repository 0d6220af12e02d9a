package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class SharedWorkTest {
    private final Thread caller = Thread.currentThread();
    private final CountDownLatch helperBegan = new CountDownLatch(1);
    private final AtomicBoolean helperEnded = new AtomicBoolean();
    volatile long seen;

    @AfterEach
    void leavesNoInterruptBehind() {
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Two pieces, of which the helper has one: the caller's piece lasts until the helper has begun its own. */
    private void runEach(Runnable own, Runnable helpers) {
        SharedWork.run(
                2,
                piece -> {
                    assertThat(Thread.currentThread()).isSameAs(caller);
                    assertThat(piece).isZero();
                    await(helperBegan);
                    own.run();
                    return true;
                },
                piece -> {
                    assertThat(Thread.currentThread()).isNotSameAs(caller);
                    assertThat(piece).isEqualTo(1);
                    helperBegan.countDown();
                    helpers.run();
                    helperEnded.set(true);
                    return true;
                },
                true);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitSleepOfCaller() {
        while (caller.getState() != Thread.State.WAITING || caller.isInterrupted()) {
            Thread.yield();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 1000})
    void doesEachPieceOnce(int pieces) {
        for (boolean helped : new boolean[] {false, true}) {
            AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, pieces));
            SharedWork.Side side = piece -> done.incrementAndGet(piece) > 0;
            SharedWork.run(pieces, side, side, helped);
            for (int piece = 0; piece < pieces; piece++) {
                assertThat(done.get(piece)).as("piece %d", piece).isEqualTo(1);
            }
        }
    }

    @Test
    void waitsForTheHelperToEndItsPiece() {
        runEach(() -> {}, this::awaitSleepOfCaller);

        assertThat(helperEnded).isTrue();
    }

    @Test
    void isNotCutShortByAnInterruptWhichStaysPending() {
        runEach(() -> {}, () -> {
            awaitSleepOfCaller();
            caller.interrupt();
            awaitSleepOfCaller();
        });

        assertThat(helperEnded).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void doesNotWaitForAHelperThatIsBusyElsewhere() {
        int helpers = ForkJoinPool.getCommonPoolParallelism();
        CountDownLatch busy = new CountDownLatch(helpers);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < helpers; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                busy.countDown();
                await(over);
            });
        }
        await(busy);
        AtomicIntegerArray done = new AtomicIntegerArray(5);
        try {
            SharedWork.Side side = piece -> {
                assertThat(Thread.currentThread()).isSameAs(caller);
                return done.incrementAndGet(piece) > 0;
            };
            SharedWork.run(5, side, side, true);
        } finally {
            over.countDown();
        }
        assertThat(ForkJoinPool.commonPool().awaitQuiescence(5, TimeUnit.MINUTES))
                .isTrue();
        assertThat(done).hasToString("[1, 1, 1, 1, 1]");
    }

    @Test
    void throwsWhatTheHelperThrows() {
        assertThatThrownBy(() -> runEach(() -> {}, () -> {
                    throw new ArithmeticException("of the helper");
                }))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("of the helper");
    }

    @Test
    void throwsWhatTheCallerThrowsOnceTheHelperHasEnded() {
        Runnable fails = () -> {
            throw new ArithmeticException("of the caller");
        };
        assertThatThrownBy(() -> runEach(fails, this::awaitSleepOfCaller))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("of the caller");
        assertThat(helperEnded).isTrue();
    }

    @Test
    void leavesOutWhatNobodyHasBegunWhenTheCallerFailsOrGoesOnNoMore() {
        AtomicIntegerArray done = new AtomicIntegerArray(4);
        SharedWork.Side fails = piece -> {
            done.incrementAndGet(piece);
            throw new ArithmeticException();
        };
        assertThatThrownBy(() -> SharedWork.run(4, fails, fails, false)).isInstanceOf(ArithmeticException.class);
        SharedWork.Side ends = piece -> done.incrementAndGet(piece) < 2;
        SharedWork.run(4, ends, ends, false);

        assertThat(done).hasToString("[2, 0, 0, 0]");
    }

    @Test
    void leavesToTheCallerWhatFollowsWhenTheHelperGoesOnNoMore() {
        AtomicIntegerArray done = new AtomicIntegerArray(5);
        SharedWork.run(
                5,
                piece -> {
                    if (piece == 0) {
                        await(helperBegan);
                    }
                    return done.incrementAndGet(piece) > 0;
                },
                piece -> {
                    done.addAndGet(piece, 10);
                    helperBegan.countDown();
                    return false;
                },
                true);

        assertThat(done).hasToString("[1, 1, 1, 1, 10]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handsAFaultOfTheHelperToTheCaller(boolean callerFailsAsWell, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        Runnable own = () -> {
            if (callerFailsAsWell) {
                throw new IndexOutOfBoundsException("what the fault has led to");
            }
        };
        withVanishedPage(
                allocator,
                folder,
                address -> assertThatThrownBy(() -> runEach(own, () -> read(address)))
                        .isInstanceOf(InternalError.class));
    }

    @Test
    void throwsAFaultOfTheCallerOnceTheHelperHasEnded(BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        withVanishedPage(allocator, folder, address -> {
            assertThatThrownBy(() -> runEach(() -> read(address), this::awaitSleepOfCaller))
                    .isInstanceOf(InternalError.class);
            assertThat(helperEnded).isTrue();
        });
    }

    // Compilers leave out loads that nobody uses.
    private void read(long address) {
        seen = Memory.UNSAFE.getLong(address);
    }

    private interface Use {
        void of(long address);
    }

    private static void withVanishedPage(BufferAllocator allocator, Path folder, Use use) throws Exception {
        Path file = folder.resolve("bytes");
        Files.write(file, new byte[1 << 16]);
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                ArrowBuf mapped = source.region(0, 1 << 16)) {
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(4096);
            }
            use.of(Memory.address(mapped, 1 << 15, 8));
        }
    }
}
