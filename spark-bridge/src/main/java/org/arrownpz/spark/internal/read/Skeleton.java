package org.arrownpz.spark.internal.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npz.NpzFile;

/**
 * A frame's metadata and labels with arrays of no rows, in memory. Core opens it in place of the file, which checks
 * metadata and labels and tells the names of the columns without a look at any value, whatever the order of the blocks.
 */
final class Skeleton {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    private Skeleton() {
        zip.setMethod(ZipOutputStream.STORED);
    }

    /** The names of index levels and columns. */
    static List<String> names(
            BufferAllocator allocator,
            NpzFile file,
            ReadOptions options,
            byte[] meta,
            List<NpyArray> index,
            List<NpyArray> blocks)
            throws NpzException {
        byte[] archive;
        try {
            archive = new Skeleton().archive(file, options, meta, index, blocks);
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        ReadOptions own = options.withTypeMapping(org.arrownpz.TypeMapping.STORAGE);
        if (blocks.stream().anyMatch(block -> block.header().dataLength() > 0)) {
            // Columns without rows here have some in the file.
            own = own.withLimits(own.limits().withEmptyColumns(own.limits().members()));
        }
        try (Frame frame = Frames.open(allocator, ByteBuffer.wrap(archive), own)) {
            return frame.schema().getFields().stream().map(Field::getName).toList();
        } catch (NpzException e) {
            throw Faults.in(e, file.location().file());
        }
    }

    private byte[] archive(NpzFile file, ReadOptions options, byte[] meta, List<NpyArray> index, List<NpyArray> blocks)
            throws IOException {
        member(HeadReader.META, meta);
        for (int i = 0; i < index.size(); i++) {
            member(HeadReader.indexLevel(i), withoutRows(index.get(i)));
        }
        for (int level = 0; file.contains(HeadReader.columnLevel(level)); level++) {
            member(HeadReader.columnLevel(level), file.bytes(HeadReader.columnLevel(level), labelLimit(options)));
        }
        for (int i = 0; i < blocks.size(); i++) {
            member(HeadReader.block(i), withoutRows(blocks.get(i)));
        }
        zip.close();
        return bytes.toByteArray();
    }

    private static long labelLimit(ReadOptions options) {
        return options.limits().labelBytes() + options.limits().headerCharacters();
    }

    private static byte[] withoutRows(NpyArray array) throws NpzException {
        Shape shape = array.header().shape();
        if (shape.dimensions() == 0) {
            throw array.location()
                    .fault(ErrorCode.FRAME_SHAPE, "an array without rows")
                    .found(shape)
                    .exception();
        }
        long[] lengths = shape.lengths().clone();
        lengths[0] = 0;
        return NpyHeaderWriter.numpy(
                array.header().dtype(), Shape.of(lengths), array.header().order());
    }

    private void member(String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
