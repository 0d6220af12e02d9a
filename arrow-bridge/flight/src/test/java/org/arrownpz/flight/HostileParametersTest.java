package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Parameters of prepared statements that no query takes. */
class HostileParametersTest extends HostileCalls {
    @Test
    void parametersThatDoNotFitAreRefused(BufferAllocator allocator) throws Exception {
        List<Field> bad = new ArrayList<>();
        for (ArrowType type : List.of(
                new ArrowType.Duration(TimeUnit.SECOND),
                new ArrowType.Interval(IntervalUnit.DAY_TIME),
                new ArrowType.Interval(IntervalUnit.YEAR_MONTH),
                new ArrowType.FixedSizeBinary(3),
                new ArrowType.FloatingPoint(FloatingPointPrecision.HALF))) {
            bad.add(Field.nullable("p", type));
        }
        bad.add(new Field(
                "p",
                FieldType.nullable(new ArrowType.List()),
                List.of(Field.nullable("item", new ArrowType.Int(32, true)))));
        bad.add(new Field(
                "p",
                FieldType.nullable(new ArrowType.Struct()),
                List.of(Field.nullable("a", new ArrowType.Int(32, true)))));
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withSql(256 << 20));
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            Field number = Field.nullable("p", new ArrowType.Int(64, true));
            for (Field field : bad) {
                refused(all, field.toString(), INVALID, () -> execute(client, allocator, 1, field));
            }
            refused(all, "no row", INVALID, () -> execute(client, allocator, 0, number));
            refused(all, "two rows", INVALID, () -> execute(client, allocator, 2, number));
            refused(all, "two for one", INVALID, () -> execute(client, allocator, 1, number, number));
            refused(all, "none for one", INVALID, () -> execute(client, allocator, 1));
            execute(client, allocator, 1, number);
            execute(client, allocator, 1, Field.nullable("p", new ArrowType.Date(DateUnit.DAY)));
        }
        all.assertAll();
    }

    /** With nulls of these types as parameters. */
    private static void execute(FlightSqlClient client, BufferAllocator allocator, int rows, Field... fields)
            throws Exception {
        try (FlightSqlClient.PreparedStatement prepared = client.prepare("SELECT ? AS p");
                VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(fields)), allocator)) {
            root.allocateNew();
            root.setRowCount(rows);
            prepared.setParameters(root);
            client.getStream(prepared.execute().getEndpoints().get(0).getTicket())
                    .close();
        }
    }
}
