package org.arrownpz.parquet;

import static org.arrownpz.parquet.PriceTable.prices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that Parquet cannot hold, and files that cannot be read. */
@ExtendWith(LeakCheck.class)
class ParquetRefusalsTest extends ParquetFiles {
    @Test
    void refusesUnionsByNameBeforeAnythingIsWritten(BufferAllocator allocator) {
        Path path = directory.resolve("a.parquet");
        Field union = new Field(
                "either",
                FieldType.nullable(new ArrowType.Union(UnionMode.Dense, new int[] {0})),
                List.of(TypeZoo.field("a", new ArrowType.Int(32, true))));
        Field struct = new Field("both", FieldType.nullable(new ArrowType.Struct()), List.of(union));
        try (FieldVector plain = new IntVector("plain", allocator);
                FieldVector first = new DenseUnionVector("either", allocator, union.getFieldType(), null);
                FieldVector second = struct.createVector(allocator)) {
            VectorSchemaRoot root =
                    new VectorSchemaRoot(List.of(plain.getField(), union, struct), List.of(plain, first, second), 0);
            assertThatThrownBy(() -> Parquet.write(root, path, OPTIONS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("either (Union)")
                    .hasMessageContaining("both.either (Union)")
                    .hasMessageNotContaining("plain");
        }
        assertThat(directory).isEmptyDirectory();
    }

    /** A4: rows or none, the answer is the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void refusesPartsOfOneNameAlsoWithoutRows(int rows, BufferAllocator allocator) {
        Path path = directory.resolve("a.parquet");
        Field number = TypeZoo.field("a", new ArrowType.Int(32, true));
        Field text = TypeZoo.field("a", new ArrowType.Utf8());
        Field struct = TypeZoo.field("both", new ArrowType.Struct(), number, text);
        Field lists = TypeZoo.field("lists", new ArrowType.List(), struct);
        try (FieldVector first = TypeZoo.vector(struct, rows, allocator);
                FieldVector second = TypeZoo.vector(lists, rows, allocator)) {
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(struct, lists), List.of(first, second), rows);
            assertThatThrownBy(() -> Parquet.write(root, path, OPTIONS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("both (parts of one name), lists.both (parts of one name)");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"same_names", "same_names_no_rows"})
    void refusesToReadPartsOfOneNameInItsOwnWords(String name, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (InputStream in = Objects.requireNonNull(
                ParquetRefusalsTest.class.getResourceAsStream("/parquet/" + name + ".parquet"))) {
            Files.write(path, in.readAllBytes());
        }
        assertThatThrownBy(() -> Parquet.read(allocator, path).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA))
                .hasMessageContaining("column 'v' has several parts of one name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"entries", "keys"})
    void refusesMapsWithNullsWhichWouldEndTheProcess(String nulls, BufferAllocator allocator) {
        Field field = TypeZoo.fields().stream()
                .filter(candidate -> candidate.getName().equals("map"))
                .findFirst()
                .orElseThrow();
        FieldVector map = TypeZoo.vector(field, 14, allocator);
        FieldVector entries = map.getChildrenFromFields().get(0);
        (nulls.equals("keys") ? entries.getChildrenFromFields().get(0) : entries).setNull(1);
        Path target = directory.resolve("map.parquet");
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(map))) {
            assertThatThrownBy(() -> Parquet.write(root, target, ParquetOptions.defaults()))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("'map'")
                    .hasMessageContaining("null")
                    .hasMessageContaining("lists of structs");
        }
        assertThat(target).doesNotExist();
    }

    /** A6: of the first some fit the bytes that Parquet has for them, the others are digits there. */
    @ParameterizedTest
    @CsvSource({"3, 2, 128", "38, 2, 128", "38, -2, 128", "20, 5, 256", "40, 5, 256"})
    void refusesDecimalsOfMoreDigitsThanTheirType(int digits, int scale, int bits, BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve("a.parquet");
        Field field = TypeZoo.field("price", new ArrowType.Decimal(digits, scale, bits));
        try (FieldVector column = field.createVector(allocator)) {
            column.setInitialCapacity(2);
            column.allocateNew();
            byte[] much = BigInteger.TEN.pow(digits).toByteArray();
            for (int i = 0; i < much.length; i++) {
                column.getDataBuffer().setByte(bits / Byte.SIZE + i, much[much.length - 1 - i]);
            }
            column.setValueCount(2);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(column));
            Parquet.write(root, path, OPTIONS);
            assertThat(Files.deleteIfExists(path))
                    .as("below a null it is no value")
                    .isTrue();
            BitVectorHelper.setBit(column.getValidityBuffer(), 1);
            assertThatThrownBy(() -> Parquet.write(root, path, OPTIONS))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("column 'price' has a decimal of more digits than its type")
                    .hasMessageContaining("Decimal(" + digits);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void refusesSecondsThatDoNotFitMillisecondsAndKeepsTheFormerFile(BufferAllocator allocator) throws IOException {
        Path path = Files.writeString(directory.resolve("a.parquet"), "former");
        try (TimeStampSecVector column = new TimeStampSecVector("far", allocator)) {
            column.setSafe(0, 1);
            column.setSafe(1, Long.MAX_VALUE / 999);
            column.setValueCount(2);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) column));
            assertThatThrownBy(() -> Parquet.write(root, path, OPTIONS))
                    .isInstanceOfSatisfying(NpzException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                        assertThat(e.file()).isEqualTo(path.toString());
                    })
                    .hasMessageContaining("far");
        }
        assertThat(path).hasContent("former");
        assertThat(directory.toFile().list()).containsExactly("a.parquet");
    }

    @Test
    void namesTheFileThatCannotBeRead(BufferAllocator allocator) throws IOException {
        Path none = directory.resolve("none.parquet");
        Path text = Files.writeString(directory.resolve("text.parquet"), "hello, this is no Parquet file");
        Path good = directory.resolve("good.parquet");
        try (VectorSchemaRoot root = prices(50, allocator)) {
            Parquet.write(root, good, OPTIONS);
        }
        byte[] bytes = Files.readAllBytes(good);
        fails(allocator, none, ErrorCode.IO);
        fails(allocator, text, ErrorCode.META_SCHEMA);
        fails(allocator, Files.write(directory.resolve("short"), Arrays.copyOf(bytes, 5)), ErrorCode.DATA_TRUNCATED);
        fails(
                allocator,
                Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2)),
                ErrorCode.META_SCHEMA);
    }

    @Test
    void refusesMapsWhoseKeysMayBeNullInItsOwnWords(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (InputStream in = Objects.requireNonNull(
                ParquetRefusalsTest.class.getResourceAsStream("/parquet/map_with_null_keys.parquet"))) {
            Files.write(path, in.readAllBytes());
        }
        assertThatThrownBy(() -> Parquet.read(allocator, path).close())
                .isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA);
                    assertThat(e)
                            .hasMessageContaining("a map whose keys may be null")
                            .hasMessageContaining("Have the keys written as required")
                            .hasMessageNotContaining("creating dataset");
                    assertThat(e.getCause()).hasMessageContaining("Map keys must be annotated as required");
                });
    }

    @Test
    void tellsOfDamagedPagesInItsOwnWords(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = prices(50, allocator)) {
            Parquet.write(root, path, OPTIONS);
        }
        byte[] bytes = Files.readAllBytes(path);
        Arrays.fill(bytes, 4, 200, (byte) 0xFF);
        Files.write(path, bytes);
        try (ParquetFile file = Parquet.read(allocator, path)) {
            assertThatThrownBy(file::frame).isInstanceOfSatisfying(NpzException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA);
                assertThat(e)
                        .hasMessageContaining("the file is damaged")
                        .hasMessageContaining("write it anew")
                        .hasMessageNotContaining("deserialize");
                assertThat(e.getCause()).isNotNull();
            });
        }
    }

    private static void fails(BufferAllocator allocator, Path path, ErrorCode code) {
        assertThatThrownBy(() -> Parquet.read(allocator, path).close())
                .isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.file()).isEqualTo(path.toString());
                });
    }

    @Test
    void givesTypedErrorsForDamagedFooters(BufferAllocator allocator) throws IOException {
        Path good = directory.resolve("good.parquet");
        try (VectorSchemaRoot root = prices(5, allocator)) {
            Parquet.write(root, good, OPTIONS);
        }
        byte[] bytes = Files.readAllBytes(good);
        Path bad = directory.resolve("bad.parquet");
        for (int at = bytes.length - 9; at > 8; at -= 7) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x55;
            Files.write(bad, damaged);
            try (ParquetFile file = Parquet.read(allocator, bad)) {
                file.frame();
            } catch (NpzException e) {
                assertThat(e.file()).startsWith(bad.toString());
            }
        }
    }

    @Test
    void saysThatAFooterIsEncrypted(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        Files.writeString(path, "PARE and bytes that only a key explains PARE");
        assertThatThrownBy(() -> Parquet.read(allocator, path))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA))
                .hasMessageContaining("encrypted");
    }
}
