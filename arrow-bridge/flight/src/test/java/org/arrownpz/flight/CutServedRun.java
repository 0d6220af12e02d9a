package org.arrownpz.flight;

import static org.arrownpz.testing.RandomVectors.field;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.RandomVectors;

/**
 * Makes the batches of a stream from a file that is cut short before the first or the second of them, and prints a line
 * {@code BAD …} for each outcome that is neither success nor a typed error, and for each byte that stays allocated.
 *
 * <p>Argument: a folder.
 */
final class CutServedRun {
    private static final int ROWS = 1000;
    private static final int PAGE = 4096;

    private CutServedRun() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path good = folder.resolve("good.npz");
        write(good);
        TreeMap<String, Integer> outcomes = new TreeMap<>();
        long pages = Files.size(good) / PAGE;
        for (long page = 0; page <= pages; page++) {
            for (int before = 0; before < 2; before++) {
                String outcome = serve(good, folder.resolve("victim.npz"), page * PAGE, before);
                outcomes.merge(outcome, 1, Integer::sum);
                if (outcome.startsWith("BAD")) {
                    System.out.println("BAD cut at " + page * PAGE + " before batch " + before + ": " + outcome);
                }
            }
        }
        outcomes.forEach((outcome, count) -> System.out.println(outcome + " " + count));
        System.out.println("done");
    }

    private static void write(Path file) throws Exception {
        ArrowType text = ArrowType.Utf8.INSTANCE;
        Field texts = field("t", text);
        List<Field> fields = List.of(
                texts,
                field("v", ArrowType.Utf8View.INSTANCE),
                field("l", ArrowType.List.INSTANCE, texts),
                field("w", ArrowType.ListView.INSTANCE, texts),
                field("d", new ArrowType.Union(UnionMode.Dense, new int[] {4, 1}), texts, field("b", text)),
                field("s", ArrowType.Struct.INSTANCE, field("o", ArrowType.Bool.INSTANCE), texts));
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, new ArrowType.Int(32, true));
        try (BufferAllocator allocator = new RootAllocator();
                FieldVector words = new RandomVectors(allocator, 5, false).vector(field("words", text), ROWS)) {
            RandomVectors random = new RandomVectors(allocator, 4, true);
            List<FieldVector> columns = new ArrayList<>();
            fields.forEach(field -> columns.add(random.vector(field, ROWS)));
            IntVector codes = new IntVector("c", new FieldType(true, encoding.getIndexType(), encoding), allocator);
            for (int i = 0; i < ROWS; i++) {
                codes.setSafe(i, i);
            }
            codes.setValueCount(ROWS);
            columns.add(codes);
            DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
            dictionaries.put(new Dictionary(words, encoding));
            try (VectorSchemaRoot root = new VectorSchemaRoot(columns);
                    Frame frame = Frame.of(root, dictionaries)) {
                Frames.write(
                        frame,
                        file,
                        WriteOptions.defaults().withLayout(ColumnLayout.ARROW).withDurability(Durability.RENAME_ONLY));
            }
        }
    }

    private static String serve(Path good, Path victim, long length, int before) throws Exception {
        Files.deleteIfExists(victim);
        Files.copy(good, victim);
        String outcome = "ok";
        try (FileChannel channel = FileChannel.open(victim, StandardOpenOption.WRITE);
                BufferAllocator allocator = new RootAllocator()) {
            try (Frame frame = Frames.open(allocator, victim)) {
                if (before == 0) {
                    channel.truncate(length);
                }
                try (Batches batches = new FrameBatches(frame, NpzTicket.of("victim"), 30_000, allocator, false)) {
                    if (before == 1) {
                        batches.next();
                        channel.truncate(length);
                    }
                    while (batches.next()) {
                        // What the network's threads do with a batch.
                        new VectorUnloader(batches.root()).getRecordBatch().close();
                    }
                }
            }
            if (allocator.getAllocatedMemory() != 0) {
                outcome = "BAD leak of " + allocator.getAllocatedMemory();
            }
        } catch (NpzException e) {
            outcome = e.code() == ErrorCode.FILE_CHANGED ? e.code().toString() : "BAD " + e;
        } catch (Throwable e) {
            outcome = "BAD " + e + " " + Arrays.toString(e.getStackTrace()) + Arrays.toString(e.getSuppressed());
        }
        return outcome;
    }
}
