package org.arrownpz.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.arrow.vector.validate.ValidateUtil.ValidateException;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.apache.arrow.vector.validate.ValidateVectorDataVisitor;
import org.apache.arrow.vector.validate.ValidateVectorTypeVisitor;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.testing.Maps;
import org.arrownpz.vector.internal.buffers.VectorValidation;

/**
 * Judges what comes of an input. Anything but a typed exception or valid vectors leaves as an {@link AssertionError},
 * and so do memory and references that are left, and more heap than a small file and its values can need. With the system property {@code
 * fuzz.measure}, processor time is bounded too, and mapped files are counted. One thread.
 */
public final class Oracle {
    /** Off-heap memory that an input may take. */
    public static final long MEMORY = 64L << 20;

    private static final long HEAP = 64L << 20;
    /** What reading a value out and Arrow's own validators, which format messages in advance, take for a value. */
    private static final long HEAP_PER_VALUE = 1 << 10;

    private static final long NANOS = 3_000_000_000L;
    private static final int LONGEST_MESSAGE = 8192;
    /** Values at either end of a vector that are looked at. */
    private static final int VALUES = 100;

    private static final int MAPPINGS_EVERY = 20_000;
    private static final boolean MEASURES = Boolean.getBoolean("fuzz.measure");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final BufferAllocator ROOT = new RootAllocator();
    private static BufferAllocator allocator = reading();
    private static long runs;
    private static long values;

    private Oracle() {}

    /** What is done with an input. */
    public interface Reading {
        void run(BufferAllocator allocator) throws NpzException;
    }

    private static BufferAllocator reading() {
        return ROOT.newChildAllocator("reading", 0, MEMORY);
    }

    /** An allocator for the files themselves; Arrow wants the same root for all buffers of a vector. */
    static BufferAllocator inputs() {
        return ROOT.newChildAllocator("inputs", 0, Long.MAX_VALUE);
    }

    /** Runs it and judges; true when it was not refused. */
    public static boolean holds(Reading reading) {
        if (MEASURES) {
            mappings();
        }
        long nanos = nanos();
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        boolean accepted = run(reading);
        if (THREADS.getCurrentThreadAllocatedBytes() - heap > HEAP || nanos() - nanos > NANOS) {
            again(reading);
        }
        return accepted;
    }

    // The first time may have loaded classes or waited for the compiler.
    private static void again(Reading reading) {
        long nanos = nanos();
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        long before = values;
        run(reading);
        bounded("heap", THREADS.getCurrentThreadAllocatedBytes() - heap, HEAP + (values - before) * HEAP_PER_VALUE);
        bounded("nanoseconds", nanos() - nanos, NANOS);
    }

    private static long nanos() {
        return MEASURES ? THREADS.getCurrentThreadCpuTime() : 0;
    }

    private static boolean run(Reading reading) {
        try {
            reading.run(allocator);
            return true;
        } catch (NpzException e) {
            judge(e);
            return false;
        } finally {
            balance();
        }
    }

    private static void judge(NpzException fault) {
        String message = fault.getMessage();
        if (message == null || message.isEmpty() || message.length() > LONGEST_MESSAGE) {
            throw new AssertionError("a refusal without a useful message", fault);
        }
        // Nobody changes the input: where that is said, memory was read that is not its own.
        if ((fault.code() == ErrorCode.FILE_CHANGED || fault.code() == ErrorCode.IO) && !Scratch.isGone()) {
            throw new AssertionError("a fault that cannot be", fault);
        }
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (Character.isISOControl(c)) {
                throw new AssertionError("a control character in a message", fault);
            }
        }
    }

    private static void balance() {
        if (allocator.getAllocatedMemory() != 0) {
            String left = allocator.toVerboseString();
            allocator = reading();
            throw new AssertionError("memory is left: " + left);
        }
    }

    private static void bounded(String what, long found, long most) {
        if (found > most) {
            throw new AssertionError(what + ": " + found);
        }
    }

    private static void mappings() {
        if (++runs % MAPPINGS_EVERY == 0) {
            String scratch = Scratch.directory().toString();
            for (String path : Maps.mappedFiles()) {
                if (path.startsWith(scratch) && !path.contains("/memory")) {
                    throw new AssertionError("a mapping is left: " + path);
                }
            }
        }
    }

    /**
     * Looks at vectors as their users would.
     *
     * @param checked whether they were read with all checks, so that they must pass Arrow's full validation
     * @return whether they pass it
     */
    public static boolean touch(List<FieldVector> vectors, DictionaryProvider dictionaries, boolean checked) {
        boolean valid = true;
        for (FieldVector vector : vectors) {
            valid &= touch(vector, checked);
            if (checked) {
                indices(vector, dictionaries);
            }
        }
        return valid;
    }

    /** {@link #touch(List, DictionaryProvider, boolean)} for one vector without a dictionary. */
    public static boolean touch(FieldVector vector, boolean checked) {
        int count = vector.getValueCount();
        values += count(vector);
        for (int i = 0; i < count; i++) {
            vector.getObject(i);
            if (i == VALUES && count > 2 * VALUES) {
                i = count - VALUES;
            }
        }
        vector.getField().toString();
        vector.getNullCount();
        try {
            validate(vector);
            return true;
        } catch (ValidateException e) {
            if (checked) {
                throw new AssertionError("an invalid vector: " + vector.getField(), e);
            }
            return false;
        }
    }

    private static long count(FieldVector vector) {
        return vector.getValueCount()
                + vector.getChildrenFromFields().stream()
                        .mapToLong(Oracle::count)
                        .sum();
    }

    private static void validate(FieldVector vector) {
        VectorValidation.validateFull(vector);
        if (VectorValidation.isKnownToArrow(vector)) {
            arrows(vector);
        }
    }

    /** What we say of vectors is checked by Arrow's own validation, where it knows their types. */
    private static void arrows(FieldVector vector) {
        try {
            ValueVectorUtility.validateFull(vector);
        } catch (ValidateException e) {
            boolean ofType = Stream.of(e.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(ValidateVectorTypeVisitor.class.getName()));
            if (!ofType) {
                throw e;
            }
            // Arrow's validation dislikes some types that Arrow has, such as decimals of a negative scale.
            vector.accept(new ValidateVectorBufferVisitor(), null);
            vector.accept(new ValidateVectorDataVisitor(), null);
        }
    }

    private static void indices(FieldVector vector, DictionaryProvider dictionaries) {
        if (vector.getField().getDictionary() == null) {
            return;
        }
        Dictionary dictionary =
                dictionaries.lookup(vector.getField().getDictionary().getId());
        FieldVector words = dictionary.getVector();
        int count = Math.min(vector.getValueCount(), VALUES);
        for (int i = 0; i < count; i++) {
            if (!vector.isNull(i)) {
                words.getObject((int) ((BaseIntVector) vector).getValueAsLong(i));
            }
        }
    }
}
