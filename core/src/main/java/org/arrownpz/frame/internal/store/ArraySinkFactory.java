package org.arrownpz.frame.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.internal.storage.AtomicDirectory;
import org.arrownpz.internal.storage.StagedOutput;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** The two containers that frames are written to. */
public final class ArraySinkFactory {
    private ArraySinkFactory() {}

    /** An archive in a temporary file beside the target. */
    public static ArraySink archive(Path target, WriteOptions options) throws NpzException {
        return archive(NpzWriter.create(target, options));
    }

    /** An archive that has been started; closed with the sink. */
    public static ArraySink archive(NpzWriter writer) {
        return new ArraySink() {
            @Override
            public void array(String member, byte[] header, ArrayContent content) throws NpzException {
                writer.array(member, header, content);
            }

            @Override
            public void bytes(String member, byte[] content) throws NpzException {
                writer.bytes(member, content);
            }

            @Override
            public void finish() throws NpzException {
                writer.finish();
            }

            @Override
            public void close() {
                writer.close();
            }
        };
    }

    /** A directory beside the target. */
    public static ArraySink directory(Path target, WriteOptions options) throws NpzException {
        AtomicDirectory directory = AtomicDirectory.create(target, options.durability(), options.overwrite());
        Location location = Location.ofFile(target.toString());
        return new ArraySink() {
            @Override
            public void array(String member, byte[] header, ArrayContent content) throws NpzException {
                write(member, header, content);
            }

            @Override
            public void bytes(String member, byte[] content) throws NpzException {
                write(member, content, null);
            }

            private void write(String member, byte[] start, @Nullable ArrayContent rest) throws NpzException {
                try (FileChannel channel = directory.newFile(member);
                        StagedOutput sink = new StagedOutput(channel, location.member(member))) {
                    sink.write(ByteBuffer.wrap(start));
                    if (rest != null) {
                        rest.writeTo(sink);
                    }
                    sink.flush();
                    if (options.durability() == Durability.FSYNC) {
                        channel.force(true);
                    }
                } catch (IOException e) {
                    throw Faults.writing(location.member(member), e);
                }
            }

            @Override
            public void finish() throws NpzException {
                directory.commit();
            }

            @Override
            public void close() {
                directory.close();
            }
        };
    }

    /** The target of a frame's members: an archive or a directory. Nothing is visible before {@link #finish}. */
    public interface ArraySink extends AutoCloseable {
        void array(String member, byte[] header, ArrayContent content) throws NpzException;

        void bytes(String member, byte[] content) throws NpzException;

        /** Puts what was written in the target's place. */
        void finish() throws NpzException;

        /** Drops what was written, unless finished. */
        @Override
        void close();
    }
}
