package org.arrownpz.compare.internal.fidelity;

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
import org.arrownpz.compare.internal.contender.Contenders;
import org.arrownpz.compare.report.Fidelity;
import org.arrownpz.compare.report.FileForm;
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
public final class FidelityCheck {
    private static final String PANDAS = "pandas";
    private static final String DTYPE = "numpy.dtype";

    private final Frame source;
    private final BufferAllocator allocator;
    /** The number of blocks in the archives. */
    private int blocks;

    public FidelityCheck(Frame source, BufferAllocator allocator) {
        this.source = source;
        this.allocator = allocator;
    }

    /** Archives and directories, which StaticFrame and NumPy read themselves. */
    public Fidelity ofArrays(FileForm form, Path file, WriteReport report) throws Exception {
        List<String> elsewhere = new ArrayList<>();
        List<String> hidden = report.columnsHiddenFromNumpy();
        if (!hidden.isEmpty()) {
            elsewhere.add(FrameLosses.columns(hidden.size()) + " held as Arrow buffers");
        }
        long nulls = report.columns().stream()
                .filter(column -> column.nullCount() > 0 && column.fill() != null && !"NaT".equals(column.fill()))
                .count();
        if (nulls > 0) {
            elsewhere.add("which values are null (" + FrameLosses.columns((int) nulls) + ")");
        }
        try (Frame read = Frames.open(allocator, file)) {
            blocks = read.blockCount() + hidden.size();
            return new Fidelity(form, losses(read), "StaticFrame and NumPy", elsewhere);
        }
    }

    public Fidelity ofFeather(FileForm form, Path file) throws Exception {
        try (IpcFile ipc = Ipc.read(allocator, file)) {
            Frame read = ipc.frame();
            return new Fidelity(form, losses(read), "Arrow and pandas", elsewhere(read, form, file));
        }
    }

    public Fidelity ofParquet(FileForm form, Path file) throws Exception {
        try (ParquetFile parquet = Parquet.read(allocator, file)) {
            Frame read = parquet.frame();
            return new Fidelity(form, losses(read), "Arrow and pandas", elsewhere(read, form, file));
        }
    }

    private List<String> losses(Frame read) throws NpzException {
        List<String> lost = FrameLosses.ofLabels(source, read);
        lost.addAll(
                FrameLosses.ofTypes(source.schema().getFields(), read.schema().getFields(), true));
        lost.addAll(FrameLosses.ofValues(source, read));
        return lost;
    }

    private List<String> elsewhere(Frame read, FileForm form, Path file) throws Exception {
        List<String> lost = new ArrayList<>();
        Map<String, String> metadata = new HashMap<>();
        String pandas = source.interchangeSchema().getCustomMetadata().get(PANDAS);
        if (pandas != null) {
            metadata.put(PANDAS, pandas);
        }
        List<FieldVector> strangers = new ArrayList<>();
        try {
            for (FieldVector vector : read.root().getFieldVectors()) {
                strangers.add(stranger(vector));
            }
            try (Frame plain = Frame.of(new VectorSchemaRoot(
                    new Schema(strangers.stream().map(FieldVector::getField).toList(), metadata),
                    strangers,
                    read.root().getRowCount()))) {
                lost.addAll(FrameLosses.ofLabels(source, plain));
            }
        } finally {
            strangers.forEach(FieldVector::close);
        }
        List<Field> raw = new ArrayList<>();
        Contenders.plainReader(form).read(allocator, file, (columns, dictionaries) -> {
            if (raw.isEmpty()) {
                columns.forEach(column -> raw.add(column.getField()));
            }
        });
        if (!raw.isEmpty()) {
            lost.addAll(FrameLosses.ofTypes(source.schema().getFields(), raw, false));
        }
        dtypes(lost);
        if (blocks < source.columnNames().size()) {
            lost.add("blocks of several columns");
        }
        return lost;
    }

    /** A column over the same memory, without the metadata that only this library knows. */
    private FieldVector stranger(FieldVector vector) {
        Field field = vector.getField();
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.remove(DTYPE);
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
        TransferPair pair =
                vector.getTransferPair(new Field(field.getName(), type, field.getChildren()), vector.getAllocator());
        pair.splitAndTransfer(0, vector.getValueCount());
        return (FieldVector) pair.getTo();
    }

    /** Dtypes that Arrow's type does not tell. */
    private void dtypes(List<String> lost) throws NpzException {
        Map<String, Integer> known = new LinkedHashMap<>();
        for (Field field : source.schema().getFields()) {
            String dtype = field.getMetadata().get(DTYPE);
            if (dtype != null && !isPlain(dtype)) {
                known.merge(dtype, 1, Integer::sum);
            }
        }
        known.forEach((dtype, count) -> lost.add("dtype " + dtype + " (" + FrameLosses.columns(count) + ")"));
    }

    private static boolean isPlain(String dtype) {
        return dtype.matches("'?([|<=]?[bifuS]\\d+|<?U\\d+|<[Mm]8\\[(s|ms|us|ns)\\])'?") && !dtype.contains("f16");
    }
}
