package org.arrownpz.frame.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Durability;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.internal.storage.AtomicDirectory;
import org.arrownpz.io.FileByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npz.NpzWriter;

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
    public static ArraySink directory(BufferAllocator allocator, Path target, WriteOptions options)
            throws NpzException {
        AtomicDirectory directory = AtomicDirectory.create(target, options.durability(), options.overwrite());
        Location location = Location.ofFile(target.toString());
        return new ArraySink() {
            @Override
            public void array(String member, byte[] header, ArrayContent content) throws NpzException {
                try (FileChannel channel = directory.newFile(member);
                        FileByteSink sink = new FileByteSink(allocator, channel, location.member(member))) {
                    sink.write(ByteBuffer.wrap(header));
                    content.writeTo(sink);
                    sink.flush();
                    force(channel);
                } catch (NpzException e) {
                    throw e;
                } catch (IOException e) {
                    throw failed(member, e);
                }
            }

            @Override
            public void bytes(String member, byte[] content) throws NpzException {
                try (FileChannel channel = directory.newFile(member)) {
                    ByteBuffer bytes = ByteBuffer.wrap(content);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    force(channel);
                } catch (NpzException e) {
                    throw e;
                } catch (IOException e) {
                    throw failed(member, e);
                }
            }

            private void force(FileChannel channel) throws IOException {
                if (options.durability() == Durability.FSYNC) {
                    channel.force(true);
                }
            }

            private NpzException failed(String member, IOException cause) {
                return location.member(member)
                        .error(ErrorCode.IO, "writing failed: " + cause.getMessage())
                        .remedy("The target is unchanged")
                        .cause(cause)
                        .build();
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
}
