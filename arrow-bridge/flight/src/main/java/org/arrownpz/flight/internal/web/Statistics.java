package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.flight.internal.web.Holdings.Statement;

/** Figures on a column, which DuckDB makes. */
final class Statistics {
    private static final int BINS = 32;
    /** The length of files from which on distinct values are estimated. */
    private static final long MOST_EXACT_BYTES = 1 << 28;

    private static final String TOP =
            "SELECT CAST(%1$s AS VARCHAR) AS value, count(*) AS count FROM %2$s WHERE %1$s IS NOT NULL GROUP BY 1"
                    + " ORDER BY 2 DESC, 1 LIMIT 20";
    private static final String HISTOGRAM =
            "WITH v AS (SELECT CAST(%1$s AS DOUBLE) AS x FROM %2$s), f AS (SELECT x FROM v WHERE isfinite(x)),"
                    + " b AS (SELECT min(x) AS lo, max(x) AS hi FROM f)"
                    + " SELECT lo, hi, CASE WHEN hi > lo THEN least(" + (BINS - 1) + ", floor((x / 2 - lo / 2)"
                    + " / (hi / 2 - lo / 2) * " + BINS + ")) ELSE 0 END AS bin, CAST(count(*) AS DOUBLE) AS n"
                    + " FROM f, b GROUP BY ALL ORDER BY bin";

    private final Holdings holdings;
    private final Exchange exchange;
    private final Presence client;
    private final JsonGenerator json;

    private Statistics(Holdings holdings, Exchange exchange, Presence client, JsonGenerator json) {
        this.holdings = holdings;
        this.exchange = exchange;
        this.client = client;
        this.json = json;
    }

    /**
     * Answers with the figures on a column.
     *
     * @param table its name in SQL
     */
    static void send(Holdings holdings, Exchange exchange, String table, Path file, String column, ArrowType type)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Presence client = new Presence(exchange);
                JsonGenerator json = Data.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            new Statistics(holdings, exchange, client, json).write(quote(column), table, file, type);
            json.writeEndObject();
        }
        exchange.bytes(Exchange.JSON, bytes.toByteArray());
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private void write(String column, String table, Path file, ArrowType type) throws IOException {
        boolean real = type instanceof ArrowType.FloatingPoint;
        boolean number = real || type instanceof ArrowType.Int || type instanceof ArrowType.Decimal;
        String nan = real ? "count(*) FILTER (WHERE isnan(%s))" : "0";
        String filter = real ? " FILTER (WHERE NOT isnan(%1$s))" : "";
        String finite = real ? " FILTER (WHERE isfinite(%1$s))" : "";
        String means = number ? ", avg(%1$s)" + finite + " AS mean, stddev_samp(%1$s)" + finite + " AS std" : "";
        String distinct = Files.size(file) <= MOST_EXACT_BYTES ? "count(DISTINCT %1$s)" : "approx_count_distinct(%1$s)";
        String figures =
                "SELECT count(*) AS count, count(*) - count(%1$s) AS nulls, " + nan + " AS nan, min(%1$s)" + filter
                        + " AS min, max(%1$s)" + filter + " AS max" + means
                        + ", " + distinct + " AS \"distinct\" FROM %2$s";
        try (ArrowReader rows = query(figures, column, table)) {
            VectorSchemaRoot root = rows.getVectorSchemaRoot();
            Cells cells = new Cells(rows, json);
            if (rows.loadNextBatch()) {
                for (int i = 0; i < root.getFieldVectors().size(); i++) {
                    json.writeFieldName(root.getVector(i).getName());
                    cells.write(root.getVector(i), 0);
                }
            }
        }
        if (number) {
            histogram(column, table);
        } else {
            top(column, table);
        }
    }

    private ArrowReader query(String statement, String column, String table) throws IOException {
        String sql = String.format(statement, column, table);
        return holdings.query(
                new Statement(UUID.randomUUID(), sql, List.of()), exchange.caller(), client::isGone, client::onGone);
    }

    private void histogram(String column, String table) throws IOException {
        double[] counts = new double[BINS];
        double low = Double.NaN;
        double high = Double.NaN;
        try (ArrowReader rows = query(HISTOGRAM, column, table)) {
            VectorSchemaRoot root = rows.getVectorSchemaRoot();
            while (rows.loadNextBatch()) {
                for (int row = 0; row < root.getRowCount(); row++) {
                    low = ((Float8Vector) root.getVector(0)).get(row);
                    high = ((Float8Vector) root.getVector(1)).get(row);
                    counts[(int) ((Float8Vector) root.getVector(2)).get(row)] +=
                            ((Float8Vector) root.getVector(3)).get(row);
                }
            }
        }
        if (Double.isNaN(low)) {
            return;
        }
        json.writeObjectFieldStart("histogram");
        json.writeArrayFieldStart("edges");
        for (int i = 0; i <= BINS; i++) {
            double part = (double) i / BINS;
            json.writeNumber(low * (1 - part) + high * part);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("counts");
        for (double count : counts) {
            json.writeNumber((long) count);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void top(String column, String table) throws IOException {
        json.writeArrayFieldStart("top");
        try (ArrowReader rows = query(TOP, column, table)) {
            VectorSchemaRoot root = rows.getVectorSchemaRoot();
            Cells cells = new Cells(rows, json);
            while (rows.loadNextBatch()) {
                for (int row = 0; row < root.getRowCount(); row++) {
                    json.writeStartObject();
                    json.writeFieldName("value");
                    cells.write(root.getVector(0), row);
                    json.writeFieldName("count");
                    cells.write(root.getVector(1), row);
                    json.writeEndObject();
                }
            }
        }
        json.writeEndArray();
    }
}
