package org.arrownpz.ipc.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.BiFunction;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Gives a file's batches as one frame or as a reader, as is asked for first. Used by one thread. */
public final class HandOut implements AutoCloseable {
    private @Nullable Frame frame;
    private boolean done;

    /** Reads all batches. */
    public interface Build {
        Frame run() throws NpzException;
    }

    /** The frame, which is built once. */
    public Frame frame(Build build) throws NpzException {
        if (frame == null) {
            if (done) {
                throw new IllegalStateException("The batches were handed out by reader()");
            }
            done = true;
            frame = build.run();
        }
        return frame;
    }

    /** The reader of the batches, which is given once. */
    public <T> T reader(T reader) {
        if (done) {
            throw new IllegalStateException("The batches can be read once");
        }
        done = true;
        return reader;
    }

    /**
     * A frame of what a file holds, with the labels that its metadata have.
     *
     * @param reading the exception for bytes that cannot be read
     */
    public static Frame labelled(
            VectorSchemaRoot root,
            DictionaryProvider dictionaries,
            Location location,
            BiFunction<Location, IOException, NpzException> reading)
            throws NpzException {
        try {
            return Frame.of(root, dictionaries);
        } catch (UncheckedIOException e) {
            throw reading.apply(location, Objects.requireNonNull(e.getCause()));
        } catch (IllegalArgumentException e) {
            // Frame.of speaks to a programmer; here the file is at fault.
            throw location.error(ErrorCode.META_SCHEMA, String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
    }

    /** Closes the frame. */
    @Override
    public void close() {
        if (frame != null) {
            frame.close();
        }
    }
}
