package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.jspecify.annotations.Nullable;

/** Opens a changed archive and uses all that it gives. */
final class Attack {
    private static final long MEMORY = 64L << 20;

    /** What to call a run that must not fail. */
    static final String UNCHANGED = "unchanged";

    private Attack() {}

    /**
     * The code that the archive is refused with, or null when it is accepted; every value was touched then.
     *
     * @throws AssertionError when anything else comes out, or memory is left
     */
    static @Nullable ErrorCode outcome(Path path, Verify level, String what) {
        try (BufferAllocator allocator = new RootAllocator(MEMORY)) {
            ErrorCode code = null;
            try (Frame frame =
                    Frames.open(allocator, path, ReadOptions.defaults().withVerify(level))) {
                touch(frame.root().getFieldVectors(), frame.dictionaries(), level, what);
            } catch (NpzException e) {
                assertThat(e.file()).as(what).isEqualTo(path.toString());
                if (what.equals(UNCHANGED)) {
                    throw new AssertionError(e);
                }
                code = e.code();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(what + " at " + level + ": " + e, e);
            }
            assertThat(allocator.getAllocatedMemory()).as(what).isZero();
            return code;
        }
    }

    /** The code that the archive is refused with before a column is asked for, or null when it is opened. */
    static @Nullable ErrorCode opening(Path path, Verify level) {
        try (BufferAllocator allocator = new RootAllocator(MEMORY)) {
            ErrorCode code = null;
            try (Frame frame =
                    Frames.open(allocator, path, ReadOptions.defaults().withVerify(level))) {
                assertThat(frame.copyReport().columns()).hasSizeGreaterThan(0);
            } catch (NpzException e) {
                code = e.code();
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
            return code;
        }
    }

    private static void touch(List<FieldVector> vectors, DictionaryProvider dictionaries, Verify level, String what) {
        for (FieldVector vector : vectors) {
            String where = what + ", column " + vector.getName();
            try {
                for (int i = 0; i < vector.getValueCount(); i++) {
                    vector.getObject(i);
                }
                if (level == Verify.CONTENT) {
                    VectorValidation.validateFull(vector);
                    indices(vector, dictionaries);
                }
            } catch (RuntimeException e) {
                throw new AssertionError(where + " at " + level + ": " + e, e);
            }
        }
    }

    private static void indices(FieldVector vector, DictionaryProvider dictionaries) {
        if (vector.getField().getDictionary() == null) {
            return;
        }
        FieldVector words =
                dictionaries.lookup(vector.getField().getDictionary().getId()).getVector();
        for (int i = 0; i < vector.getValueCount(); i++) {
            if (!vector.isNull(i)) {
                words.getObject((int) ((BaseIntVector) vector).getValueAsLong(i));
            }
        }
    }
}
