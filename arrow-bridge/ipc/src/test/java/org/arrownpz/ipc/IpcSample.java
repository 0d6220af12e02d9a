package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;

/** A file or stream of one batch and one dictionary, and where its metadata lies. */
final class IpcSample {
    static final int ROWS = 37;
    static final int NULLS = 5;

    private IpcSample() {}

    static byte[] write(Path path, IpcOptions.Compression compression) throws IOException {
        DictionaryEncoding encoding = new DictionaryEncoding(3, false, new ArrowType.Int(32, true));
        try (BufferAllocator allocator = new RootAllocator()) {
            Float8Vector number = new Float8Vector("number", allocator);
            VarCharVector text = new VarCharVector("text", allocator);
            BitVector flag = new BitVector("flag", allocator);
            ListVector list = ListVector.empty("list", allocator);
            IntVector item = (IntVector) list.<IntVector>addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true)))
                    .getVector();
            StructVector struct = StructVector.empty("struct", allocator);
            IntVector member =
                    struct.addOrGet("member", FieldType.nullable(new ArrowType.Int(32, true)), IntVector.class);
            IntVector word =
                    new IntVector("word", new FieldType(true, new ArrowType.Int(32, true), encoding), allocator);
            VarCharVector words = new VarCharVector("words", allocator);
            int items = 0;
            for (int i = 0; i < ROWS; i++) {
                if (i % 8 == 3) {
                    number.setNull(i);
                } else {
                    number.setSafe(i, i / 4.0);
                }
                text.setSafe(i, ("text " + i % 3).getBytes(StandardCharsets.UTF_8));
                flag.setSafe(i, i % 2);
                list.startNewValue(i);
                for (int k = 0; k < i % 3; k++) {
                    item.setSafe(items++, i);
                }
                list.endValue(i, i % 3);
                struct.setIndexDefined(i);
                member.setSafe(i, i);
                word.setSafe(i, i % 4);
            }
            for (int i = 0; i < 4; i++) {
                words.setSafe(i, ("word" + i).getBytes(StandardCharsets.UTF_8));
            }
            words.setValueCount(4);
            List<FieldVector> vectors = List.of(number, text, flag, list, struct, word);
            vectors.forEach(vector -> vector.setValueCount(ROWS));
            try (words;
                    VectorSchemaRoot root = new VectorSchemaRoot(
                            vectors.stream().map(FieldVector::getField).toList(), vectors, ROWS)) {
                Ipc.write(
                        root,
                        new MapDictionaryProvider(new Dictionary(words, encoding)),
                        path,
                        IpcOptions.defaults().withCompression(compression).withMetadata(Map.of("a", "b")));
            }
        }
        return Files.readAllBytes(path);
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The places of all metadata of a file: footer with its length, and both messages with their prefixes. */
    static List<int[]> metadata(byte[] file) {
        ByteBuffer buffer = little(file);
        int length = buffer.getInt(file.length - 10);
        int start = file.length - 10 - length;
        Footer footer = Footer.getRootAsFooter(buffer.slice(start, length).order(ByteOrder.LITTLE_ENDIAN));
        List<int[]> ranges = new ArrayList<>();
        ranges.add(new int[] {start, file.length});
        for (Block block : List.of(footer.dictionaries(0), footer.recordBatches(0))) {
            ranges.add(new int[] {(int) block.offset(), (int) block.offset() + block.metaDataLength()});
        }
        return ranges;
    }
}
