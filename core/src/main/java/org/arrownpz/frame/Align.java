package org.arrownpz.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frames.AlignReport;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.ArraySinkFactory;
import org.arrownpz.frame.internal.store.ArraySinkFactory.ArraySink;
import org.arrownpz.frame.internal.store.DirectoryStore;
import org.arrownpz.frame.internal.store.FileKind;
import org.arrownpz.frame.internal.write.FrameWriter;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.npz.NpzWriter;

/** Rewrites files member by member, so that everything in them can be viewed; see {@link Frames#align}. */
final class Align {
    private static final Pattern FRAME_MEMBER =
            Pattern.compile("__(blocks|values_index|values_columns)_[0-9]+__\\.npy");
    private static final Pattern DIRECTORY_MEMBER =
            Pattern.compile(FRAME_MEMBER.pattern() + "|__arrow_[a-z0-9_]{1,60}__\\.npy");
    private static final Pattern BLOCK = Pattern.compile("__blocks_[0-9]+__\\.npy");

    private final BufferAllocator allocator;
    private final ReadOptions read;
    private final WriteOptions write;
    private int members;
    private int transposed;
    private int inflated;

    private Align(BufferAllocator allocator, ReadOptions read, WriteOptions write) {
        this.allocator = allocator;
        // New checksums must not be given to damaged data.
        this.read = read.verify() == Verify.STRUCTURE ? read.withVerify(Verify.CRC) : read;
        this.write = write;
    }

    static AlignReport align(BufferAllocator allocator, Path source, Path target, ReadOptions read, WriteOptions write)
            throws NpzException {
        Align align = new Align(allocator, read, write);
        return MemoryAccess.reading(Location.ofFile(source.toString()), () -> {
            if (Files.isDirectory(source)) {
                align.directory(source, target);
            } else if (align.isNpy(source)) {
                align.array(source, target);
            } else {
                try (NpzFile file = NpzFile.open(allocator, source, align.read)) {
                    align.archive(file, target);
                }
            }
            MemoryAccess.deliverFaults();
            return new AlignReport(align.members, align.transposed, align.inflated);
        });
    }

    private boolean isNpy(Path path) throws NpzException {
        try (ByteSource source = ByteSources.open(allocator, path, read.mapping())) {
            return FileKind.of(source, Location.ofFile(path.toString())) == FileKind.NPY;
        }
    }

    private void array(Path source, Path target) throws NpzException {
        try (NumpyArray array = Npy.load(allocator, source, read)) {
            boolean strided = AlignedContent.isStrided(array);
            Npy.save(target, AlignedContent.of(allocator, array, strided), write);
            members++;
            transposed += strided ? 1 : 0;
        }
    }

    private void archive(NpzFile file, Path target) throws NpzException {
        try (NpzWriter writer = NpzWriter.create(target, write)) {
            for (NpzEntry entry : file.entries()) {
                if (entry.directory()) {
                    continue;
                }
                String name = entry.name();
                if (entry.npy()) {
                    member(file, name, writer);
                } else if (name.endsWith(".npz")) {
                    inner(file, name, target, writer);
                } else {
                    copy(file, name, writer);
                }
                members++;
                inflated += entry.stored() || write.deflateLevel() > 0 ? 0 : 1;
            }
            writer.finish();
        }
    }

    private void member(NpzFile file, String name, NpzWriter writer) throws NpzException {
        NumpyArray array = file.array(name);
        String local = name.substring(name.lastIndexOf('/') + 1);
        // Plain arrays stay in the order that their user chose; blocks are columns.
        boolean strided = BLOCK.matcher(local).matches() && AlignedContent.isStrided(array);
        ArrayContent content = AlignedContent.of(allocator, array, strided);
        byte[] header;
        if (FRAME_MEMBER.matcher(local).matches()) {
            header = frameHeader(content);
        } else {
            header = new byte[array.header().dataOffset()];
            file.member(name).read(0, ByteBuffer.wrap(header));
        }
        writer.array(name, header, content);
        transposed += strided ? 1 : 0;
    }

    private static byte[] frameHeader(ArrayContent content) {
        return content.dtype() instanceof ScalarDType
                ? FrameWriter.header(content)
                : NpyHeaderWriter.numpy(content.dtype(), content.shape(), content.order());
    }

    private void copy(NpzFile file, String name, NpzWriter writer) throws NpzException {
        ByteSource content = file.member(name);
        if (content.size() <= read.limits().metadataBytes()) {
            writer.bytes(name, file.bytes(name, read.limits().metadataBytes()));
        } else {
            writer.copy(name, content);
        }
    }

    // An archive in an archive is written to a file of its own first, for its size is needed before its first byte.
    private void inner(NpzFile file, String name, Path target, NpzWriter writer) throws NpzException {
        Location location = file.location(name);
        Path part = target.toAbsolutePath().resolveSibling(".arrow-npz-align-" + UUID.randomUUID() + ".npz");
        try (NpzFile archive = NpzFile.open(allocator, file.member(name), location, read)) {
            Align nested = new Align(allocator, read, write.withDurability(Durability.RENAME_ONLY));
            nested.archive(archive, part);
            try (ByteSource bytes = ByteSources.open(allocator, part, read.mapping())) {
                writer.copy(name, bytes);
            }
            members += nested.members;
            transposed += nested.transposed;
            inflated += nested.inflated;
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException ignored) {
            // A hidden file that nobody opens is left; the archive itself is sound.
        }
    }

    private void directory(Path source, Path target) throws NpzException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(source)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (DIRECTORY_MEMBER.matcher(name).matches()) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            throw Location.ofFile(source.toString())
                    .error(ErrorCode.IO, "the directory cannot be listed")
                    .cause(e)
                    .build();
        }
        Collections.sort(names);
        boolean archive = target.toString().endsWith(".npz");
        try (DirectoryStore store = new DirectoryStore(allocator, source, read);
                ArraySink sink =
                        archive ? ArraySinkFactory.archive(target, write) : ArraySinkFactory.directory(target, write)) {
            byte[] meta = store.bytes(FrameMetadata.MEMBER, read.limits().metadataBytes());
            for (String name : names) {
                NumpyArray array = store.array(name);
                boolean strided = BLOCK.matcher(name).matches() && AlignedContent.isStrided(array);
                ArrayContent content = AlignedContent.of(allocator, array, strided);
                sink.array(name, frameHeader(content), content);
                members++;
                transposed += strided ? 1 : 0;
            }
            sink.bytes(FrameMetadata.MEMBER, meta);
            members++;
            sink.finish();
        }
    }
}
