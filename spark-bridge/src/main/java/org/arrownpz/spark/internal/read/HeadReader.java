package org.arrownpz.spark.internal.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.Shape;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.ColumnPlan;
import org.arrownpz.vector.ColumnPlanner;
import org.arrownpz.vector.internal.buffers.SchemaMember;

/** Reads the headers of an archive: no value of any column is touched. */
final class HeadReader {
    static final String META = "__meta__.json";
    private static final String ARROW = "__arrow__";
    private static final String ARROW_SCHEMA = "__arrow_schema__.npy";
    private static final String SUFFIX = ".npy";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferAllocator allocator;
    private final NpzFile file;
    private final MemberHeaders headers;
    private final ReadOptions options;

    private HeadReader(BufferAllocator allocator, NpzFile file, MemberHeaders headers, ReadOptions options) {
        this.allocator = allocator;
        this.file = file;
        this.headers = headers;
        this.options = options;
    }

    static Head read(BufferAllocator allocator, NpzFile file, MemberHeaders headers, ReadOptions options)
            throws NpzException {
        HeadReader reader = new HeadReader(allocator, file, headers, options);
        if (!file.contains(META)) {
            return reader.arrays();
        }
        byte[] meta = file.bytes(META, options.limits().metadataBytes());
        JsonNode arrow;
        try {
            arrow = JSON.readTree(meta).path(ARROW);
        } catch (IOException e) {
            throw file.location(META)
                    .fault(ErrorCode.META_JSON, "the metadata are no JSON document")
                    .cause(e)
                    .exception();
        }
        return arrow.isObject() ? reader.composed(arrow) : reader.blocks(meta);
    }

    static String indexLevel(int level) {
        return "__values_index_" + level + "__.npy";
    }

    static String columnLevel(int level) {
        return "__values_columns_" + level + "__.npy";
    }

    static String block(int position) {
        return "__blocks_" + position + "__.npy";
    }

    /** One array by itself: as core has it, a column for each column or field of a record, numbered or named. */
    static Head of(NpyArray array, ReadOptions options) throws NpzException {
        Location place = array.location();
        NpyHeader header = array.header();
        Shape shape = header.shape();
        long rows = shape.dimensions() == 0 ? 1 : shape.length(0);
        List<Head.Column> columns = new ArrayList<>();
        if (header.dtype() instanceof StructDType && shape.dimensions() <= 1) {
            List<Field> fields = ColumnPlanner.plan(place, header, options.typeMapping(), options.natPolicy())
                    .field("record")
                    .getChildren();
            for (Field field : fields) {
                columns.add(new Head.Column(field.getName(), field, "", columns.size()));
            }
        } else if (header.dtype() instanceof ScalarDType && shape.dimensions() == 2 && !isEmptyTable(header, options)) {
            long width = shape.length(1);
            if (width > options.limits().members()) {
                throw place.fault(ErrorCode.LIMIT, "the array has too many columns for a table")
                        .expected("at most " + options.limits().members())
                        .found(width)
                        .exception();
            }
            ColumnPlan plan = ColumnPlanner.planColumns(place, header, options.typeMapping(), options.natPolicy());
            for (int position = 0; position < width; position++) {
                String name = Integer.toString(position);
                columns.add(new Head.Column(name, plan.field(name), "", position));
            }
        } else {
            ColumnPlan plan = ColumnPlanner.plan(place, header, options.typeMapping(), options.natPolicy());
            columns.add(new Head.Column("0", plan.field("0"), "", -1));
        }
        return new Head(rows, columns, 0, false);
    }

    // Of more columns without bytes than the limits allow core makes one column of lists.
    private static boolean isEmptyTable(NpyHeader header, ReadOptions options) {
        return header.dataLength() == 0
                && header.shape().length(1) > options.limits().emptyColumns();
    }

    // A plain archive: every array is a column named by its key.
    private Head arrays() throws NpzException {
        List<Head.Column> columns = new ArrayList<>();
        long rows = -1;
        for (String member : file.names()) {
            if (!member.endsWith(SUFFIX)) {
                continue;
            }
            NpyArray array = headers.of(member);
            Shape shape = array.header().shape();
            long length = shape.dimensions() == 0 ? 1 : shape.length(0);
            if (rows >= 0 && length != rows) {
                throw array.location()
                        .fault(ErrorCode.FRAME_SHAPE, "the arrays are not the columns of one table")
                        .expected("a first dimension of " + rows)
                        .found(shape)
                        .exception();
            }
            rows = length;
            columns.add(column(array, member, member.substring(0, member.length() - SUFFIX.length())));
        }
        if (columns.isEmpty()) {
            throw file.location()
                    .fault(ErrorCode.FRAME_SHAPE, "the archive holds no arrays and no frame")
                    .exception();
        }
        return new Head(rows, columns, 0, false);
    }

    private Head.Column column(NpyArray array, String member, String name) throws NpzException {
        ColumnPlan plan =
                ColumnPlanner.plan(array.location(), array.header(), options.typeMapping(), options.natPolicy());
        return new Head.Column(name, plan.field(name), member, -1);
    }

    // A frame as StaticFrame lays it out. Labels are core's matter: it reads a frame of the same columns without rows.
    private Head blocks(byte[] meta) throws NpzException {
        List<NpyArray> index = series(HeadReader::indexLevel);
        List<NpyArray> blocks = series(HeadReader::block);
        long rows = -1;
        for (NpyArray block : blocks) {
            checkBlock(block);
            rows = sameRows(block, rows);
        }
        for (NpyArray level : index) {
            rows = sameRows(level, rows);
        }
        List<String> names = Skeleton.names(allocator, file, options, meta, index, blocks);
        List<Head.Column> columns = new ArrayList<>(names.size());
        int next = 0;
        for (NpyArray level : index) {
            columns.add(column(level, indexLevel(next), names.get(next)));
            next++;
        }
        for (int i = 0; i < blocks.size(); i++) {
            NpyArray block = blocks.get(i);
            NpyHeader header = block.header();
            if (header.shape().dimensions() == 1) {
                columns.add(column(block, block(i), names.get(next++)));
                continue;
            }
            ColumnPlan plan =
                    ColumnPlanner.planColumns(block.location(), header, options.typeMapping(), options.natPolicy());
            int width = (int) header.shape().length(1);
            for (int position = 0; position < width; position++) {
                String name = names.get(next++);
                columns.add(new Head.Column(name, plan.field(name), block(i), position));
            }
        }
        return new Head(Math.max(rows, 0), columns, index.size(), false);
    }

    private interface Naming {
        String member(int position);
    }

    private List<NpyArray> series(Naming naming) throws NpzException {
        List<NpyArray> arrays = new ArrayList<>();
        NpyArray array = headers.ifPresent(naming.member(0));
        while (array != null) {
            arrays.add(array);
            array = headers.ifPresent(naming.member(arrays.size()));
        }
        return arrays;
    }

    private static void checkBlock(NpyArray block) throws NpzException {
        Shape shape = block.header().shape();
        boolean fits = (shape.dimensions() == 1 || shape.dimensions() == 2)
                && block.header().dtype() instanceof ScalarDType;
        if (!fits) {
            throw block.location()
                    .fault(ErrorCode.FRAME_SHAPE, "a block of the wrong form")
                    .expected("1 or 2 dimensions of a scalar dtype")
                    .found(block)
                    .exception();
        }
    }

    private static long sameRows(NpyArray array, long rows) throws NpzException {
        Shape shape = array.header().shape();
        long found = shape.dimensions() == 0 ? -1 : shape.length(0);
        if (found < 0 || (rows >= 0 && found != rows)) {
            throw array.location()
                    .fault(ErrorCode.FRAME_SHAPE, "arrays of the frame differ in their row count")
                    .expected(rows)
                    .found(shape)
                    .exception();
        }
        return found;
    }

    // A frame with Arrow buffers carries its schema and its row count.
    private Head composed(JsonNode arrow) throws NpzException {
        if (!file.contains(ARROW_SCHEMA)) {
            throw file.location(ARROW_SCHEMA)
                    .fault(ErrorCode.META_MISSING, "the archive has no such member")
                    .exception();
        }
        NpyArray header = headers.of(ARROW_SCHEMA);
        Location place = header.location();
        long length = header.header().dataLength();
        if (length > options.limits().labelBytes()) {
            throw place.fault(ErrorCode.LIMIT, "the stored Arrow schema is too large")
                    .expected("at most " + options.limits().labelBytes())
                    .found(length)
                    .exception();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        file.array(ARROW_SCHEMA).data().read(0, bytes);
        Schema schema = SchemaMember.read(bytes.array(), place);
        JsonNode rows = arrow.path("rows");
        if (!rows.canConvertToLong() || !rows.isIntegralNumber() || rows.longValue() < 0) {
            throw file.location(META)
                    .fault(ErrorCode.META_SCHEMA, "the number of rows in " + ARROW)
                    .exception();
        }
        List<Field> fields = schema.getFields();
        int levels = arrow.has("index")
                ? arrow.path("index").path("depth").asInt(0)
                : series(HeadReader::indexLevel).size();
        List<Head.Column> columns = new ArrayList<>(fields.size());
        for (Field field : fields) {
            columns.add(new Head.Column(field.getName(), field, "", -1));
        }
        return new Head(rows.longValue(), columns, Math.min(levels, fields.size()), true);
    }
}
