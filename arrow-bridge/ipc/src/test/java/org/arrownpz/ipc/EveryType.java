package org.arrownpz.ipc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.holders.NullableBigIntHolder;
import org.apache.arrow.vector.holders.NullableIntHolder;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** A column of every type. */
final class EveryType {
    static final DictionaryEncoding ENCODING = new DictionaryEncoding(7, false, new ArrowType.Int(16, true));

    private EveryType() {}

    /** The columns but for dictionary-encoded ones; the caller closes them. */
    static List<FieldVector> columns(int rows, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : TypeZoo.fields()) {
            vectors.add(TypeZoo.vector(proper(field), rows, allocator));
        }
        vectors.add(sparseUnion(rows, allocator));
        if (rows > 1) {
            // Arrow Java cannot count rows of a dense union with a child that no row uses.
            vectors.add(denseUnion(rows, allocator));
        }
        return vectors;
    }

    /** With extension metadata as their specifications want them, which Arrow C++ checks. */
    private static Field proper(Field field) {
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.computeIfPresent(ExtensionType.EXTENSION_METADATA_KEY_METADATA, (key, text) -> switch (metadata.get(
                ExtensionType.EXTENSION_METADATA_KEY_NAME)) {
            case "arrow.bool8" -> "";
            case "arrow.opaque" -> "{\"type_name\":\"float128\",\"vendor_name\":\"numpy\"}";
            default -> text;
        });
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), field.getType(), null, metadata),
                field.getChildren());
    }

    private static UnionVector sparseUnion(int rows, BufferAllocator allocator) {
        UnionVector union = UnionVector.empty("sparse union", allocator);
        NullableIntHolder number = new NullableIntHolder();
        NullableBigIntHolder big = new NullableBigIntHolder();
        number.isSet = 1;
        big.isSet = 1;
        union.allocateNew();
        for (int row = 0; row < rows; row++) {
            number.value = row;
            big.value = -row;
            union.setType(row, row % 2 == 0 ? MinorType.INT : MinorType.BIGINT);
            if (row % 2 == 0) {
                union.setSafe(row, number);
            } else {
                union.setSafe(row, big);
            }
        }
        union.setValueCount(rows);
        return union;
    }

    private static DenseUnionVector denseUnion(int rows, BufferAllocator allocator) {
        DenseUnionVector union = DenseUnionVector.empty("dense union", allocator);
        byte ints = union.registerNewTypeId(Field.nullable("i", new ArrowType.Int(32, true)));
        byte bigs = union.registerNewTypeId(Field.nullable("b", new ArrowType.Int(64, true)));
        NullableIntHolder number = new NullableIntHolder();
        NullableBigIntHolder big = new NullableBigIntHolder();
        number.isSet = 1;
        big.isSet = 1;
        union.allocateNew();
        for (int row = 0; row < rows; row++) {
            number.value = row;
            big.value = -row;
            if (row % 3 == 0) {
                union.setTypeId(row, ints);
                union.setSafe(row, number);
            } else {
                union.setTypeId(row, bigs);
                union.setSafe(row, big);
            }
        }
        union.setValueCount(rows);
        return union;
    }

    /** Texts for {@link #indices}; the caller closes the vector. */
    static Dictionary dictionary(BufferAllocator allocator) {
        VarCharVector words = new VarCharVector("words", allocator);
        for (int i = 0; i < 5; i++) {
            words.setSafe(i, ("w\u00f6rd " + i).getBytes(StandardCharsets.UTF_8));
        }
        words.setValueCount(5);
        return new Dictionary(words, ENCODING);
    }

    /** A dictionary-encoded column. */
    static FieldVector indices(int rows, BufferAllocator allocator) {
        FieldType type = new FieldType(true, ENCODING.getIndexType(), ENCODING);
        FieldVector indices = new Field("dictionary", type, null).createVector(allocator);
        indices.allocateNew();
        for (int row = 0; row < rows; row++) {
            if (row % 4 != 3) {
                ((SmallIntVector) indices).setSafe(row, row % 5);
            }
        }
        indices.setValueCount(rows);
        return indices;
    }
}
