package org.arrownpz.handover;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.jetbrains.kotlinx.dataframe.DataFrame;
import org.jetbrains.kotlinx.dataframe.api.NullabilityOptions;
import org.jetbrains.kotlinx.dataframe.io.ArrowReadingKt;

/**
 * A frame into Kotlin DataFrame; in Kotlin: {@code DataFrame.readArrow(frame.reader(10_000))}.
 *
 * <p>Copied: every value, into objects on the heap, by Kotlin DataFrame; numbers reach it as views of the file, texts as
 * UTF-8. Memory: the heap's afterwards; reader and frame can be closed. Byte order: any, vectors have the machine's.
 */
final class KotlinDataFrame {
    private KotlinDataFrame() {}

    static DataFrame<?> read(BufferAllocator allocator, Path file) throws IOException {
        try (Frame frame = Frames.open(allocator, file);
                ArrowReader reader = frame.reader(10_000)) {
            return ArrowReadingKt.readArrow(DataFrame.Companion, reader, NullabilityOptions.Checking);
        }
    }
}
