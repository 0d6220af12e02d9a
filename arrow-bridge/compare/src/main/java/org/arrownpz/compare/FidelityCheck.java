package org.arrownpz.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.vector.WriteReport;

/**
 * Reads a form back and compares it with the frame that was written: as this library reads it, and as other readers do,
 * who do not know this library's metadata. Those see the types in the file, and the labels that the {@code pandas} key
 * gives.
 */
final class FidelityCheck {
    private static final String PANDAS = "pandas";

    private final Frame source;
    private final BufferAllocator allocator;
    private final WriteReport report;
    /** The number of blocks in the archives. */
    private int blocks;

    /** @param scratch a file that may be written */
    FidelityCheck(Frame source, BufferAllocator allocator, Path scratch) throws NpzException {
        this.source = source;
        this.allocator = allocator;
        this.report = Frames.write(
                source,
                scratch,
                WriteOptions.defaults().withForm(ArchiveForm.FRAME).withDurability(Durability.RENAME_ONLY));
    }

    /** Checks a form; archives come before files of other forms. */
    Fidelity of(FileForm form, Path file) throws Exception {
        if (form.isFeather()) {
            try (IpcFile ipc = Ipc.read(allocator, file)) {
                return fidelity(form, ipc.frame(), file);
            }
        }
        if (form.isParquet()) {
            try (ParquetFile parquet = Parquet.read(allocator, file)) {
                return fidelity(form, parquet.frame(), file);
            }
        }
        try (Frame read = Frames.open(allocator, file)) {
            return ofArrays(form, read);
        }
    }

    // StaticFrame and NumPy read archives and directories themselves.
    private Fidelity ofArrays(FileForm form, Frame read) throws NpzException {
        List<String> elsewhere = new ArrayList<>();
        int hidden = report.columnsHiddenFromNumpy().size();
        if (hidden > 0) {
            elsewhere.add(FrameLosses.columns(hidden) + " held as Arrow buffers");
        }
        long nulls = report.columns().stream()
                .filter(column -> column.nullCount() > 0 && column.fill() != null && !"NaT".equals(column.fill()))
                .count();
        if (nulls > 0) {
            elsewhere.add("which values are null (" + FrameLosses.columns((int) nulls) + ")");
        }
        blocks = read.blockCount() + hidden;
        return new Fidelity(form, losses(read), "StaticFrame and NumPy", elsewhere);
    }

    private Fidelity fidelity(FileForm form, Frame read, Path file) throws Exception {
        return new Fidelity(form, losses(read), "Arrow and pandas", elsewhere(read, form, file));
    }

    private List<String> losses(Frame read) throws NpzException {
        List<String> lost = FrameLosses.ofLabels(source, read);
        lost.addAll(
                FrameLosses.ofTypes(source.schema().getFields(), read.schema().getFields(), true));
        lost.addAll(FrameLosses.ofValues(source, read));
        return lost;
    }

    private List<String> elsewhere(Frame read, FileForm form, Path file) throws Exception {
        String pandas = source.interchangeSchema().getCustomMetadata().get(PANDAS);
        Map<String, String> metadata = pandas == null ? Map.of() : Map.of(PANDAS, pandas);
        List<String> lost;
        List<FieldVector> plain = new ArrayList<>();
        try {
            for (FieldVector vector : read.root().getFieldVectors()) {
                plain.add(plain(vector));
            }
            Schema schema = new Schema(plain.stream().map(FieldVector::getField).toList(), metadata);
            int rows = read.root().getRowCount();
            try (Frame others = Frame.of(new VectorSchemaRoot(schema, plain, rows))) {
                lost = FrameLosses.ofLabels(source, others);
            }
        } finally {
            plain.forEach(FieldVector::close);
        }
        List<Field> raw = new ArrayList<>();
        Contenders.plainReader(form).call().read(allocator, file, (columns, dictionaries) -> {
            if (raw.isEmpty()) {
                columns.forEach(column -> raw.add(column.getField()));
            }
        });
        if (!raw.isEmpty()) {
            lost.addAll(FrameLosses.ofTypes(source.schema().getFields(), raw, false));
        }
        Map<String, Integer> dtypes = new LinkedHashMap<>();
        for (Field field : source.schema().getFields()) {
            String dtype = field.getMetadata().get(FrameLosses.DTYPE);
            if (dtype != null && !isPlain(dtype)) {
                dtypes.merge(dtype, 1, Integer::sum);
            }
        }
        dtypes.forEach((dtype, count) -> lost.add("dtype " + dtype + " (" + FrameLosses.columns(count) + ")"));
        if (blocks < source.columnNames().size()) {
            lost.add("blocks of several columns");
        }
        return lost;
    }

    /** A column over the same memory, without the metadata that only this library knows. */
    private static FieldVector plain(FieldVector vector) {
        Field field = vector.getField();
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.remove(FrameLosses.DTYPE);
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
        TransferPair pair =
                vector.getTransferPair(new Field(field.getName(), type, field.getChildren()), vector.getAllocator());
        pair.splitAndTransfer(0, vector.getValueCount());
        return (FieldVector) pair.getTo();
    }

    /** Whether Arrow's type tells the dtype. */
    private static boolean isPlain(String dtype) {
        return dtype.matches("'?([|<=]?[bifuS]\\d+|<?U\\d+|<[Mm]8\\[(s|ms|us|ns)\\])'?") && !dtype.contains("f16");
    }
}
