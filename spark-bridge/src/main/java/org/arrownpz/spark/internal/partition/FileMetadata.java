package org.arrownpz.spark.internal.partition;

import java.util.Locale;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;
import org.arrownpz.spark.internal.storage.NpzPath;

/** The column {@code _metadata}, which tells the file of each row, with the fields of Spark's own sources. */
public final class FileMetadata implements MetadataColumn {
    public static final String NAME = "_metadata";

    private static final String MARK = "arrow-npz.file";
    private static final StructType TYPE = new StructType()
            .add("file_path", DataTypes.StringType, false)
            .add("file_name", DataTypes.StringType, false)
            .add("file_size", DataTypes.LongType, false)
            .add("file_block_start", DataTypes.LongType, false)
            .add("file_block_length", DataTypes.LongType, false)
            .add("file_modification_time", DataTypes.TimestampType, false);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DataType dataType() {
        return TYPE;
    }

    @Override
    public boolean isNullable() {
        return false;
    }

    @Override
    public String comment() {
        return "the file of the row";
    }

    /** The field as a query needs it, told from a column of files that has the same name. */
    public static StructField marked(StructField wanted) {
        return new StructField(
                wanted.name(),
                wanted.dataType(),
                false,
                new MetadataBuilder().putBoolean(MARK, true).build());
    }

    public static boolean isMarked(StructField field) {
        return field.metadata().contains(MARK);
    }

    /** The column for the rows of a file, with those of its fields that are wanted. */
    public static ColumnVector column(NpzPath file, StructField wanted) {
        StructType type = (StructType) wanted.dataType();
        ConstantColumnVector column = new ConstantColumnVector(1, type);
        for (int i = 0; i < type.length(); i++) {
            StructField field = type.fields()[i];
            ConstantColumnVector child = new ConstantColumnVector(1, field.dataType());
            switch (field.name().toLowerCase(Locale.ROOT)) {
                case "file_path" -> child.setUtf8String(UTF8String.fromString(file.address()));
                case "file_name" -> child.setUtf8String(UTF8String.fromString(name(file)));
                case "file_size", "file_block_length" -> child.setLong(file.length());
                case "file_block_start" -> child.setLong(0);
                case "file_modification_time" -> child.setLong(Math.multiplyExact(file.modified(), 1000L));
                default -> throw new IllegalArgumentException(NAME + " has no field " + field.name());
            }
            column.setChild(i, child);
        }
        return column;
    }

    private static String name(NpzPath file) {
        String path = file.uri().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
