package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.parquet.ParquetOptions.Compression;
import org.arrownpz.parquet.ParquetOptions.Encoding;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The front door of writing: batches in, a file and its footer's facts out. */
@ExtendWith(LeakCheck.class)
class ParquetWriterTest extends ParquetFiles {
    private static final ParquetOptions FAST = ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final int ROWS = 10_000;

    private static VectorSchemaRoot ids(BufferAllocator allocator, int first, int rows) {
        BigIntVector ids = new BigIntVector("id", allocator);
        for (int row = 0; row < rows; row++) {
            ids.setSafe(row, first + row);
        }
        ids.setValueCount(rows);
        return VectorSchemaRoot.of(ids);
    }

    @Test
    void tellsWhatTheFooterSays(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        ParquetWriter.Written written;
        try (VectorSchemaRoot root = ids(allocator, 0, ROWS);
                ParquetWriter writer = ParquetWriter.open(file, root.getSchema(), FAST.withRowGroupRows(15_000))) {
            for (int batch = 0; batch < 3; batch++) {
                writer.write(root);
            }
            assertThat(file).doesNotExist();
            written = writer.finish();
            assertThat(writer.finish()).isSameAs(written);
            assertThatThrownBy(() -> writer.write(root)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(written.rows()).isEqualTo(3 * ROWS);
        assertThat(written.bytes()).isEqualTo(Files.size(file));
        String facts = "SELECT string_agg(concat_ws(' ', row_group_num_rows, num_values, total_compressed_size, "
                + "total_uncompressed_size, stats_null_count), '; ') FROM parquet_metadata('%s')";
        assertThat(written.rowGroups().stream()
                        .map(group -> group.columns().get(0))
                        .map(column -> "15000 %s %s %s %s"
                                .formatted(column.values(), column.bytes(), column.plainBytes(), column.nulls()))
                        .toList())
                .isEqualTo(List.of(duck(facts.formatted(file)).split("; ")));
    }

    @Test
    void finishingWithoutRowsLeavesAnEmptyFile(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        Field id = Field.nullable("id", new ArrowType.Int(64, true));
        try (ParquetWriter writer = ParquetWriter.open(file, new Schema(List.of(id)), FAST)) {
            assertThat(writer.finish().rows()).isZero();
        }
        try (ParquetFile read = Parquet.read(allocator, file)) {
            assertThat(read.frame().rowCount()).isZero();
        }
    }

    @Test
    void nothingIsLeftOfWhatFailsOrIsGivenUp(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = ids(allocator, 0, 9);
                IntVector other = new IntVector("id", allocator)) {
            assertThatThrownBy(() -> {
                        try (ParquetWriter writer = ParquetWriter.open(file, root.getSchema(), FAST)) {
                            writer.write(root);
                            throw new IOException("the source of the rows breaks off");
                        }
                    })
                    .hasMessage("the source of the rows breaks off")
                    .hasNoSuppressedExceptions();
            assertThat(directory).isEmptyDirectory();
            try (ParquetWriter writer = ParquetWriter.open(file, root.getSchema(), FAST)) {
                writer.write(root);
                VectorSchemaRoot wrong = new VectorSchemaRoot(List.of(other));
                assertThatThrownBy(() -> writer.write(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("other columns");
                assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
            }
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void failuresOfAChannelAreTypedAndItStaysOpen(BufferAllocator allocator) throws Exception {
        try (WritableByteChannel full = new WritableByteChannel() {
                    @Override
                    public int write(ByteBuffer bytes) throws IOException {
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {
                        throw new IllegalStateException("closed by the writer");
                    }
                };
                VectorSchemaRoot root = ids(allocator, 0, 9)) {
            ParquetWriter writer = ParquetWriter.open(full, root.getSchema(), FAST);
            writer.write(root);
            assertThatThrownBy(writer::finish).isInstanceOf(NpzException.class).hasMessageContaining("IO");
        } catch (IllegalStateException closed) {
            assertThat(closed).hasMessage("closed by the writer").hasNoSuppressedExceptions();
        }
    }

    @Test
    void namesWhatAnOptionCannotBe(BufferAllocator allocator) {
        Schema schema = new Schema(
                List.of(Field.nullable("flag", new ArrowType.Bool()), Field.nullable("text", new ArrowType.Utf8())));
        for (ParquetOptions options : List.of(
                FAST.withBloomFilters("texts"),
                FAST.withBloomFilters("flag"),
                FAST.withSortedBy("texts", false, false),
                FAST.withEncoding("texts", Encoding.PLAIN),
                FAST.withEncoding("flag", Encoding.DICTIONARY),
                FAST.withEncoding("text", Encoding.BYTE_STREAM_SPLIT))) {
            WritableByteChannel out = Channels.newChannel(new ByteArrayOutputStream());
            assertThatThrownBy(() -> ParquetWriter.open(out, schema, options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("(?s).*(texts?|flag).*");
        }
        assertThatThrownBy(() -> FAST.withMetadata("parquet.encryption.footer.key", "k"))
                .hasMessageContaining("encryption");
        assertThatThrownBy(() -> FAST.withMetadata("ARROW:schema", "x")).hasMessageContaining("another key");
        assertThatThrownBy(() -> FAST.withRowGroupBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Columns for which each encoding is the smallest by far. */
    private static VectorSchemaRoot kinds(BufferAllocator allocator) {
        Random random = new Random(3);
        BigIntVector counts = new BigIntVector("counts", allocator);
        BigIntVector noise = new BigIntVector("noise", allocator);
        Float8Vector near = new Float8Vector("near", allocator);
        VarCharVector words = new VarCharVector("words", allocator);
        VarCharVector paths = new VarCharVector("paths", allocator);
        BitVector bits = new BitVector("bits", allocator);
        for (int row = 0; row < ROWS; row++) {
            counts.setSafe(row, 1L << 40 | row * 5L + random.nextInt(3));
            noise.setSafe(row, random.nextLong());
            near.setSafe(row, 100 + random.nextGaussian());
            words.setSafe(row, ("word" + random.nextInt(9)).getBytes(StandardCharsets.US_ASCII));
            paths.setSafe(row, "/home/%06d/%05d".formatted(row / 7, row).getBytes(StandardCharsets.US_ASCII));
            bits.setSafe(row, random.nextInt(2));
        }
        List<FieldVector> all = List.of(counts, noise, near, words, paths, bits);
        all.forEach(vector -> vector.setValueCount(ROWS));
        return new VectorSchemaRoot(all);
    }

    @Test
    void encodingsAreTheSmallestUnlessTheyAreGiven(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = kinds(allocator)) {
            Map<String, Encoding> chosen = Map.of(
                    "counts", Encoding.DELTA_BINARY_PACKED,
                    "noise", Encoding.PLAIN,
                    "near", Encoding.BYTE_STREAM_SPLIT,
                    "words", Encoding.DICTIONARY,
                    "paths", Encoding.DELTA_BYTE_ARRAY,
                    "bits", Encoding.PLAIN);
            ParquetOptions options = FAST.withCompression(Compression.ZSTD);
            long free = requireEncodings(root, file, options, chosen);
            ParquetOptions plain = options;
            for (String column : chosen.keySet()) {
                plain = plain.withEncoding(column, Encoding.PLAIN);
            }
            long fixed = requireEncodings(
                    root,
                    file,
                    plain,
                    Map.of("counts", Encoding.PLAIN, "words", Encoding.PLAIN, "paths", Encoding.PLAIN));
            assertThat(free).isLessThan(fixed);
            requireEncodings(
                    root,
                    file,
                    options.withEncoding("words", Encoding.DELTA_LENGTH_BYTE_ARRAY)
                            .withEncoding("noise", Encoding.DICTIONARY),
                    Map.of("words", Encoding.DELTA_LENGTH_BYTE_ARRAY, "noise", Encoding.DICTIONARY));
        }
    }

    private static long requireEncodings(
            VectorSchemaRoot root, Path file, ParquetOptions options, Map<String, Encoding> expected) throws Exception {
        try (ParquetWriter writer = ParquetWriter.open(file, root.getSchema(), options)) {
            writer.write(root);
            ParquetWriter.Written written = writer.finish();
            for (ParquetWriter.Column column : written.rowGroups().get(0).columns()) {
                Encoding encoding = expected.get(column.name());
                if (encoding != null) {
                    assertThat(column.encodings()).as(column.name()).isEqualTo(Set.of(encoding));
                }
            }
            String sums =
                    "SELECT concat_ws(' ', sum(counts), sum(noise), sum(near), max(words), max(paths), sum(bits::INT))"
                            + " FROM '%s'";
            BigIntVector counts = (BigIntVector) root.getVector("counts");
            long total = 0;
            for (int row = 0; row < ROWS; row++) {
                total += counts.get(row);
            }
            assertThat(duck(sums.formatted(file))).startsWith(total + " ").contains(" word8 /home/001428/09999 ");
            return written.bytes();
        }
    }

    @Test
    void rowGroupsEndAtAboutSoManyBytes(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = kinds(allocator);
                ParquetWriter writer = ParquetWriter.open(file, root.getSchema(), FAST.withRowGroupBytes(100_000))) {
            writer.write(root);
            List<ParquetWriter.RowGroup> groups = writer.finish().rowGroups();
            assertThat(groups).hasSizeGreaterThan(2);
            assertThat(groups.subList(0, groups.size() - 1))
                    .allSatisfy(group -> assertThat(group.bytes()).isBetween(20_000L, 150_000L));
        }
    }

    @Test
    void filtersOrderAndMetadataStandInTheFile(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = kinds(allocator)) {
            ParquetOptions options = FAST.withBloomFilters("words", "noise")
                    .withSortedBy("counts", false, true)
                    .withMetadata("who", "a test")
                    .withRowGroupRows(ROWS / 4);
            Parquet.write(root, file, options);
            String probe = "SELECT string_agg(bloom_filter_excludes, ' ') FROM parquet_bloom_probe('%s', '%s', %s)";
            assertThat(duck(probe.formatted(file, "words", "'word3'"))).isEqualTo("false false false false");
            assertThat(duck(probe.formatted(file, "words", "'other'"))).isEqualTo("true true true true");
            long there = ((BigIntVector) root.getVector("noise")).get(ROWS - 1);
            assertThat(duck(probe.formatted(file, "noise", there + "::BIGINT"))).isEqualTo("true true true false");
            String who = "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = 'who'";
            assertThat(duck(who.formatted(file))).isEqualTo("a test");
        }
    }

    @Test
    void dictionariesOfNumbersAndRunsStayAsTheyAre(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        DictionaryEncoding by = new DictionaryEncoding(5, false, new ArrowType.Int(8, true));
        Field runEnds = new Field("run_ends", FieldType.notNullable(new ArrowType.Int(32, true)), null);
        Field values = Field.nullable("values", new ArrowType.Utf8());
        Field runs = new Field("runs", FieldType.notNullable(new ArrowType.RunEndEncoded()), List.of(runEnds, values));
        try (BigIntVector entries = new BigIntVector("entries", allocator);
                FieldVector coded =
                        new Field("coded", new FieldType(true, by.getIndexType(), by), null).createVector(allocator);
                RunEndEncodedVector run = (RunEndEncodedVector) runs.createVector(allocator)) {
            entries.setSafe(0, 7);
            entries.setSafe(1, 1L << 50);
            entries.setSafe(2, -1);
            entries.setValueCount(3);
            var indices = (org.apache.arrow.vector.TinyIntVector) coded;
            for (int row = 0; row < ROWS; row++) {
                if (row % 3 > 0) {
                    indices.setSafe(row, row % 3 - 1);
                }
            }
            coded.setValueCount(ROWS);
            IntVector ends = (IntVector) run.getRunEndsVector();
            VarCharVector texts = (VarCharVector) run.getValuesVector();
            for (int i = 0; i < 10; i++) {
                ends.setSafe(i, (i + 1) * ROWS / 10);
                if (i != 4) {
                    texts.setSafe(i, ("text " + i / 2).getBytes(StandardCharsets.US_ASCII));
                }
            }
            ends.setValueCount(10);
            texts.setValueCount(10);
            run.setValueCount(ROWS);
            DictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider(new Dictionary(entries, by));
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(coded, run));
            try (ParquetWriter writer =
                    ParquetWriter.open(file, root.getSchema(), provider, FAST.withRowGroupRows(3_400))) {
                writer.write(root);
                assertThat(writer.finish().rowGroups())
                        .allSatisfy(group -> assertThat(group.columns())
                                .allSatisfy(
                                        column -> assertThat(column.encodings()).containsExactly(Encoding.DICTIONARY)));
            }
            long sum = 3333L * 7 + 3333L * (1L << 50);
            assertThat(duck(
                            "SELECT concat_ws(' ', count(coded), sum(coded), count(runs), count(DISTINCT runs)) FROM '%s'"
                                    .formatted(file)))
                    .isEqualTo("6666 " + sum + " 9000 5");
            // An entry that no row has is in no limits.
            assertThat(duck(
                            "SELECT min(stats_min_value::BIGINT) FROM parquet_metadata('%s') WHERE path_in_schema = 'coded'"
                                    .formatted(file)))
                    .isEqualTo("7");
            try (ParquetFile read = Parquet.read(allocator, file)) {
                VectorSchemaRoot back = read.frame().root();
                assertThat(back.getSchema().getFields().get(0).getDictionary()).isNotNull();
                assertThat(back.getVector("runs")).isInstanceOf(RunEndEncodedVector.class);
                for (int row = 0; row < ROWS; row += 77) {
                    assertThat(back.getVector("runs").getObject(row)).isEqualTo(run.getObject(row));
                    assertThat(back.getVector("coded").getObject(row)).isEqualTo(coded.getObject(row));
                }
            }
        }
    }

    @Test
    void extensionTypesThatBreakTheirRulesLoseTheirNames(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.parquet");
        Map<String, String> uuid =
                Map.of("ARROW:extension:name", "arrow.uuid", "ARROW:extension:metadata", "unexpected");
        Map<String, String> own = Map.of("ARROW:extension:name", "my.type", "ARROW:extension:metadata", "anything");
        FieldType bytes = new FieldType(true, new ArrowType.FixedSizeBinary(16), null, uuid);
        try (FixedSizeBinaryVector wrong =
                        (FixedSizeBinaryVector) new Field("wrong", bytes, null).createVector(allocator);
                IntVector kept =
                        (IntVector) new Field("kept", new FieldType(true, new ArrowType.Int(32, true), null, own), null)
                                .createVector(allocator)) {
            wrong.allocateNew(1);
            wrong.set(0, new byte[16]);
            wrong.setValueCount(1);
            kept.setSafe(0, 1);
            kept.setValueCount(1);
            Parquet.write(new VectorSchemaRoot(List.of(wrong, kept)), file, FAST);
            try (ParquetFile read = Parquet.read(allocator, file)) {
                assertThat(read.frame().root().getVector("kept").getField().getMetadata())
                        .containsAllEntriesOf(own);
                assertThat(read.frame().rowCount()).isEqualTo(1);
            }
        }
    }
}
