package org.arrownpz.spark.internal.read;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.storage.HadoopChannel;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** An open file: mapped where it is local, read by ranges where it is not. Used by one thread. */
public final class NpzSource implements Closeable {
    private final BufferAllocator allocator;
    private final NpzPath path;
    private final ReadOptions options;
    private final ByteSource source;
    private final @Nullable HadoopChannel channel;
    private final FrameSummary head;
    /** Null where the file is a single array. */
    private final @Nullable NpzFile archive;

    private NpzSource(
            BufferAllocator allocator,
            NpzPath path,
            ReadOptions options,
            ByteSource source,
            @Nullable HadoopChannel channel,
            @Nullable NpzFile archive,
            FrameSummary head) {
        this.allocator = allocator;
        this.path = path;
        this.options = options;
        this.source = source;
        this.channel = channel;
        this.archive = archive;
        this.head = head;
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
        ByteSource source = null;
        NpzFile archive = null;
        boolean done = false;
        try {
            if (path.isLocal()) {
                source = ByteSources.open(allocator, path.local(), options.mapping());
            } else {
                channel = channel(path, configuration, location);
                source = ByteSources.of(allocator, channel, location);
            }
            archive = Frames.archive(allocator, source.slice(0, source.size()), location, options);
            FrameSummary head = archive == null
                    ? Frames.inspect(allocator, source, location, options)
                    : Frames.inspect(allocator, archive, options);
            checkTable(head, location);
            done = true;
            return new NpzSource(allocator, path, options, source, channel, archive, head);
        } finally {
            if (!done) {
                close(archive, source, channel);
            }
        }
    }

    private static void checkTable(FrameSummary head, Location location) throws NpzException {
        long rows = -1;
        for (FrameSummary.Member member : head.rows() < 0 ? head.members() : List.<FrameSummary.Member>of()) {
            NpzException fault = member.fault();
            if (fault != null && fault.code() == ErrorCode.OBJECT_DTYPE) {
                throw fault;
            }
            NpyHeader header = member.header();
            if (header == null) {
                continue;
            }
            long length = header.shape().dimensions() == 0 ? 1 : header.shape().length(0);
            if (rows >= 0 && length != rows) {
                throw location.member(member.name())
                        .error(ErrorCode.FRAME_SHAPE, "the arrays are not the columns of one table")
                        .expected("a first dimension of " + rows)
                        .found(header.shape())
                        .build();
            }
            rows = length;
        }
        if (head.kind() != FrameSummary.Kind.FRAME && head.columns().isEmpty()) {
            throw location.error(ErrorCode.FRAME_SHAPE, "the archive holds no arrays and no frame")
                    .build();
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
            throw location.error(ErrorCode.IO, "the file cannot be opened: " + e.getMessage())
                    .cause(e)
                    .build();
        }
    }

    /** Whether the options leave a file out that fails like this. */
    public static boolean maySkip(NpzException fault, NpzOptions options) {
        boolean missing = false;
        for (Throwable cause = fault; cause != null && options.skipMissingFiles(); cause = cause.getCause()) {
            missing |= cause instanceof NoSuchFileException || cause instanceof FileNotFoundException;
        }
        return missing || options.skipBadFiles();
    }

    public FrameSummary head() {
        return head;
    }

    /**
     * Whether reading some of the rows costs no more than their share: not where members are inflated or checked as a
     * whole, nor where columns of Arrow buffers are copied, which are put together whole.
     */
    public boolean isDivisible() {
        boolean mapped = path.isLocal() && options.mapping() != Mapping.COPY;
        boolean deflated = head.members().stream().anyMatch(member -> member.method() != 0 && member.header() != null);
        return !deflated && options.verify() == Verify.STRUCTURE && (mapped || !isComposed());
    }

    /** Whether columns are put together from Arrow buffers, so that core has to open the frame as a whole. */
    private boolean isComposed() {
        return head.columns().stream().anyMatch(column -> column.member() == null);
    }

    /** The bytes of the file that are no elements of arrays, about: what planning reads. */
    public long headerBytes() {
        long elements = 0;
        for (FrameSummary.Member member : head.members()) {
            NpyHeader header = member.header();
            if (header != null) {
                elements += member.method() == 0 ? header.dataLength() : member.compressedSize();
            }
        }
        return Math.max(0, path.length() - elements);
    }

    /** The bytes that some columns of an array take in the file: those of Fortran order lie by themselves. */
    long bytes(String member, NpyHeader header, int columns) {
        long whole = header.dataLength();
        for (FrameSummary.Member one : head.members()) {
            if (one.name().equals(member) && one.method() != 0) {
                whole = one.compressedSize();
            }
        }
        boolean apart = header.columnsContiguous() && header.shape().dimensions() == 2;
        return apart ? whole / Math.max(1, header.shape().length(1)) * columns : whole;
    }

    /** The given columns of the file, read in batches. The result is closed before this source. */
    public FileColumns columns(List<String> names, boolean unpack) throws NpzException {
        Map<String, Integer> places = new HashMap<>(head.columns().size() * 2);
        for (int i = 0; i < head.columns().size(); i++) {
            places.putIfAbsent(head.columns().get(i).name(), i);
        }
        int[] wanted = new int[names.size()];
        for (int i = 0; i < wanted.length; i++) {
            Integer place = places.get(names.get(i));
            if (place == null) {
                throw Location.ofFile(path.text())
                        .error(ErrorCode.FILE_CHANGED, "the column " + names.get(i) + " is gone")
                        .build();
            }
            wanted[i] = place;
        }
        if (!isComposed()) {
            List<FrameSummary.Column> columns =
                    Arrays.stream(wanted).mapToObj(head.columns()::get).toList();
            return new ArrayColumns(allocator, this, options, columns, path.text());
        }
        return FrameColumns.open(allocator, path, Objects.requireNonNull(archive), options, head, wanted, unpack);
    }

    /** The array of a member, or the only one, checked as thoroughly as the options ask; deflated ones always are. */
    NumpyArray array(String member) throws NpzException {
        return archive == null
                ? new NpyHeaderReader(options.limits()).open(source, Location.ofFile(path.text()), false)
                : archive.array(member);
    }

    /** Throws FILE_CHANGED where the file is not the one that was opened. */
    void checkUnchanged() throws NpzException {
        source.checkUnchanged();
    }

    @Override
    public void close() {
        close(archive, source, channel);
    }

    private static void close(@Nullable NpzFile archive, @Nullable ByteSource source, @Nullable HadoopChannel channel) {
        if (archive != null) {
            archive.close();
        }
        if (source != null) {
            source.close();
        }
        if (channel != null) {
            // What was read has been checked; a stream that closes badly changes nothing.
            Faults.closeQuietly(channel);
        }
    }

    /** Columns of one file, read in batches. Used by one thread. */
    public interface FileColumns extends Closeable {
        /** The start of a row of the file among the rows read, which are its elements where lists are unpacked. */
        long position(long row);

        /** The bytes of the columns in the whole file, about. */
        long bytes();

        /**
         * Some rows, in the order in which columns were asked for. The columns live until the next call or until closed.
         *
         * @throws NpzException when the data are not what they should be
         */
        ColumnVector[] read(long from, int count) throws NpzException;

        @Override
        void close();
    }
}
