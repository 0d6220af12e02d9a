package org.arrownpz.flight;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.flight.sql.BasicFlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetXdbcTypeInfo;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.sql.JavaClient;
import org.arrownpz.flight.internal.sql.KnownTypes;
import org.arrownpz.flight.internal.sql.Metadata;
import org.arrownpz.flight.internal.sql.SqlFacts;
import org.jspecify.annotations.Nullable;

/** Answers the questions of drivers about the server and its tables, as Flight SQL has them ask. */
abstract class SqlMetadata extends BasicFlightSqlProducer {
    private final ServedDirectory served;
    private final KnownFiles known;
    private final KnownTypes types = new KnownTypes();
    private final BufferAllocator allocator;
    private final Queries queries;
    private final SqlInfoBuilder facts = SqlFacts.all();
    /** Arrow's sender fails at others. */
    private final Set<Integer> numbers = SqlFacts.numbers(facts);

    SqlMetadata(ServedDirectory served, KnownFiles known, BufferAllocator allocator, Queries queries) {
        this.served = served;
        this.known = known;
        this.allocator = allocator;
        this.queries = queries;
    }

    @Override
    public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
        // One without a name: clients ask on for the schemas of each.
        Metadata.send(allocator, Schemas.GET_CATALOGS_SCHEMA, List.of(List.of("")), listener);
    }

    @Override
    public void getStreamSchemas(CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
        Predicate<String> pattern =
                Metadata.like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        if (isCatalog(command.hasCatalog(), command.getCatalog())) {
            served.schemaNames(Caller.current()).stream()
                    .filter(pattern)
                    .forEach(schema -> rows.add(Arrays.<@Nullable Object>asList(null, schema)));
        }
        Metadata.send(allocator, Schemas.GET_SCHEMAS_SCHEMA, rows, listener);
    }

    /** The one catalog has no name, which an empty one asks for. */
    private static boolean isCatalog(boolean present, String name) {
        return !present || name.isEmpty();
    }

    @Override
    public void getStreamTables(CommandGetTables command, CallContext context, ServerStreamListener listener) {
        Schema columns = command.getIncludeSchema() ? Schemas.GET_TABLES_SCHEMA : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
        List<List<@Nullable Object>> rows = new ArrayList<>();
        Predicate<String> schema =
                Metadata.like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
        Predicate<String> table =
                Metadata.like(command.hasTableNameFilterPattern() ? command.getTableNameFilterPattern() : null);
        boolean any = isCatalog(command.hasCatalog(), command.getCatalog())
                && (command.getTableTypesCount() == 0
                        || command.getTableTypesList().contains(Metadata.TABLE_TYPE));
        List<ServedDirectory.Served> tables = any
                ? served.list(Caller.current()).stream()
                        .filter(file -> schema.test(file.names().get(0).schema())
                                && table.test(file.names().get(0).table()))
                        .toList()
                : List.of();
        List<byte @Nullable []> messages = command.getIncludeSchema() ? messages(tables, context) : List.of();
        for (int i = 0; i < tables.size(); i++) {
            ServedDirectory.TableName name = tables.get(i).names().get(0);
            List<@Nullable Object> row = new ArrayList<>();
            Collections.addAll(row, null, name.schema(), name.table(), Metadata.TABLE_TYPE);
            if (!command.getIncludeSchema()) {
                rows.add(row);
            } else if (messages.get(i) != null) {
                row.add(messages.get(i));
                rows.add(row);
            }
        }
        Metadata.send(allocator, columns, rows, listener);
    }

    /** The columns of files in SQL, which is asked about new types alone; null for those that are no table. */
    private List<byte @Nullable []> messages(List<ServedDirectory.Served> files, CallContext context) {
        List<KnownFiles.@Nullable Table> tables = new ArrayList<>();
        known.facts(files.stream().map(ServedDirectory.Served::seen).toList(), context::isCancelled)
                .forEach(facts -> tables.add(facts == null ? null : facts.table()));
        try {
            queries.describe(files, tables, types, context::isCancelled);
        } catch (IOException | RuntimeException e) {
            throw FlightFaults.status("the tables", e);
        }
        List<byte @Nullable []> messages = new ArrayList<>();
        for (KnownFiles.Table table : tables) {
            KnownFiles.Answer answer = table == null ? null : table.answer();
            messages.add(answer == null ? null : JavaClient.isCurrent() ? answer.java() : answer.message());
        }
        return messages;
    }

    @Override
    public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_TABLE_TYPES_SCHEMA, List.of(List.of(Metadata.TABLE_TYPE)), listener);
    }

    @Override
    public void getStreamTypeInfo(CommandGetXdbcTypeInfo request, CallContext context, ServerStreamListener listener) {
        Metadata.send(
                allocator,
                Schemas.GET_TYPE_INFO_SCHEMA,
                Metadata.types(request.hasDataType() ? (Integer) request.getDataType() : null),
                listener);
    }

    @Override
    public void getStreamSqlInfo(CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
        List<Integer> wanted =
                command.getInfoList().stream().filter(numbers::contains).toList();
        if (wanted.isEmpty() && command.getInfoCount() > 0) {
            Metadata.send(allocator, Schemas.GET_SQL_INFO_SCHEMA, List.of(), listener);
        } else {
            facts.send(wanted, listener);
        }
    }

    @Override
    public void getStreamPrimaryKeys(
            CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_PRIMARY_KEYS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamExportedKeys(
            CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_EXPORTED_KEYS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamImportedKeys(
            CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_IMPORTED_KEYS_SCHEMA, List.of(), listener);
    }

    @Override
    public void getStreamCrossReference(
            CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
        Metadata.send(allocator, Schemas.GET_CROSS_REFERENCE_SCHEMA, List.of(), listener);
    }
}
