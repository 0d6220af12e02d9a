package org.arrownpz.spark.internal.read;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.Mapping;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.Verify;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.storage.HadoopChannel;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/** An open file: mapped where it is local, read by ranges where it is not. Used by one thread. */
public final class NpzSource implements Closeable {
    private final BufferAllocator allocator;
    private final NpzPath path;
    private final ReadOptions options;
    private final ArrayFile file;
    private final @Nullable HadoopChannel channel;
    private final Head head;
    private final boolean deflated;

    private NpzSource(
            BufferAllocator allocator,
            NpzPath path,
            ReadOptions options,
            ArrayFile file,
            @Nullable HadoopChannel channel,
            Head head,
            boolean deflated) {
        this.allocator = allocator;
        this.path = path;
        this.options = options;
        this.file = file;
        this.channel = channel;
        this.head = head;
        this.deflated = deflated;
    }

    /**
     * Opens a file and reads its headers.
     *
     * @throws NpzException when it is not what it should be; nothing stays open then
     */
    public static NpzSource open(
            BufferAllocator allocator, NpzPath path, @Nullable Configuration configuration, ReadOptions options)
            throws NpzException {
        Location location = Location.ofFile(path.text());
        HadoopChannel channel = null;
        ArrayFile file = null;
        boolean done = false;
        try {
            ByteSource source;
            if (path.isLocal()) {
                source = ByteSources.open(allocator, path.local(), options.mapping());
            } else {
                channel = channel(path, configuration, location);
                source = ByteSources.of(allocator, channel, location);
            }
            Head head;
            boolean deflated = false;
            if (path.isArray()) {
                NpyArray array = array(source, location, options);
                file = new ArrayFile.Npy(source, array);
                head = HeadReader.of(array, options);
            } else {
                // Checksums are compared where values are read, and not of columns that nobody wants.
                NpzFile archive = NpzFile.openLazily(allocator, source, location, options.withVerify(Verify.STRUCTURE));
                file = new ArrayFile.Npz(archive, options.verify());
                MemberHeaders headers = new MemberHeaders(archive, source, options.limits());
                head = HeadReader.read(allocator, archive, headers, options);
                deflated = headers.isDeflated();
            }
            done = true;
            return new NpzSource(allocator, path, options, file, channel, head, deflated);
        } finally {
            if (!done) {
                close(file, channel);
            }
        }
    }

    private static NpyArray array(ByteSource source, Location location, ReadOptions options) throws NpzException {
        boolean done = false;
        try {
            NpyArray array = new NpyHeaderReader(options.limits()).open(source, location, false);
            done = true;
            return array;
        } finally {
            if (!done) {
                source.close();
            }
        }
    }

    private static HadoopChannel channel(NpzPath path, @Nullable Configuration configuration, Location location)
            throws NpzException {
        try {
            Path remote = new Path(path.uri());
            FileSystem system = remote.getFileSystem(configuration == null ? new Configuration() : configuration);
            FSDataInputStream stream = system.open(remote);
            return new HadoopChannel(stream, path.length());
        } catch (IOException e) {
            throw location.fault(ErrorCode.IO, "the file cannot be opened: " + e.getMessage())
                    .cause(e)
                    .exception();
        }
    }

    public Head head() {
        return head;
    }

    /**
     * Whether reading some of the rows costs no more than their share: not where members are inflated or checked as a
     * whole, nor where columns of Arrow buffers are copied, which are put together whole.
     */
    public boolean isDivisible() {
        boolean mapped = path.isLocal() && options.mapping() != Mapping.COPY;
        return !deflated && options.verify() == Verify.STRUCTURE && (mapped || !head.composed());
    }

    /** The given columns of the file, read in batches. The result is closed before this source. */
    public FileColumns columns(List<String> names, boolean unpack) throws NpzException {
        Map<String, Integer> places = head.places();
        int[] wanted = new int[names.size()];
        for (int i = 0; i < wanted.length; i++) {
            Integer place = places.get(names.get(i));
            if (place == null) {
                throw Location.ofFile(path.text())
                        .fault(ErrorCode.FILE_CHANGED, "the column " + names.get(i) + " is gone")
                        .exception();
            }
            wanted[i] = place;
        }
        if (!head.composed()) {
            List<Head.Column> columns =
                    Arrays.stream(wanted).mapToObj(head.columns()::get).toList();
            return new ArrayColumns(allocator, file, options, columns, path.text());
        }
        try {
            return FrameColumns.open(allocator, path, channel, options, head, wanted, unpack);
        } catch (NpzException e) {
            throw Faults.in(e, path.text());
        }
    }

    @Override
    public void close() {
        close(file, channel);
    }

    private static void close(@Nullable ArrayFile file, @Nullable HadoopChannel channel) {
        if (file != null) {
            file.close();
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // What was read has been checked; a stream that closes badly changes nothing.
                Log.LOG.debug("closing a stream failed", e);
            }
        }
    }
}
