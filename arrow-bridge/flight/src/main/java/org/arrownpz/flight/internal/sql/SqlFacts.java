package org.arrownpz.flight.internal.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlNullOrdering;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlOuterJoinsSupportLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedCaseSensitivity;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedGroupBy;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedSubqueries;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedTransaction;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedUnions;
import org.apache.arrow.flight.sql.impl.FlightSql.SupportedAnsi92SqlGrammarLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SupportedSqlGrammar;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What the server is and can, as GetSqlInfo tells it. */
public final class SqlFacts {
    private SqlFacts() {}

    /** All that is known. */
    public static SqlInfoBuilder all() {
        String version = SqlFacts.class.getPackage().getImplementationVersion();
        String arrow = Schema.class.getPackage().getImplementationVersion();
        return new SqlInfoBuilder()
                .withFlightSqlServerName("arrow-npz")
                .withFlightSqlServerVersion(version == null ? "0" : version)
                .withFlightSqlServerArrowVersion(arrow == null ? "18" : arrow)
                .withFlightSqlServerReadOnly(true)
                .withFlightSqlServerSql(true)
                .withFlightSqlServerSubstrait(false)
                .withFlightSqlServerTransaction(SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_NONE)
                .withFlightSqlServerCancel(true)
                .withFlightSqlServerBulkIngestion(false)
                .withSqlIdentifierQuoteChar("\"")
                .withSqlSearchStringEscape("\\")
                .withSqlExtraNameCharacters("")
                .withSqlSchemaTerm("schema")
                .withSqlCatalogTerm("")
                .withSqlProcedureTerm("")
                .withSqlIdentifierCase(SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE)
                .withSqlQuotedIdentifierCase(SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE)
                .withSqlNullOrdering(SqlNullOrdering.SQL_NULLS_SORTED_AT_END)
                .withSqlDdlCatalog(false)
                .withSqlDdlSchema(false)
                .withSqlDdlTable(false)
                .withSqlAllTablesAreSelectable(true)
                .withSqlSupportsColumnAliasing(true)
                .withSqlNullPlusNullIsNull(true)
                .withSqlSupportsTableCorrelationNames(true)
                .withSqlSupportsExpressionsInOrderBy(true)
                .withSqlSupportsOrderByUnrelated(true)
                .withSqlSupportsLikeEscapeClause(true)
                .withSqlCorrelatedSubqueriesSupported(true)
                .withSqlTransactionsSupported(false)
                .withSqlSavepointsSupported(false)
                .withSqlBatchUpdatesSupported(false)
                .withSqlNamedParametersSupported(false)
                .withSqlStoredProceduresSupported(false)
                .withSqlSupportedGroupBy(SqlSupportedGroupBy.SQL_GROUP_BY_UNRELATED)
                .withSqlSupportedGrammar(SupportedSqlGrammar.SQL_EXTENDED_GRAMMAR)
                .withSqlAnsi92SupportedLevel(SupportedAnsi92SqlGrammarLevel.ANSI92_INTERMEDIATE_SQL)
                .withSqlSubQueriesSupported(
                        SqlSupportedSubqueries.SQL_SUBQUERIES_IN_COMPARISONS,
                        SqlSupportedSubqueries.SQL_SUBQUERIES_IN_EXISTS,
                        SqlSupportedSubqueries.SQL_SUBQUERIES_IN_INS)
                .withSqlSupportedUnions(SqlSupportedUnions.SQL_UNION, SqlSupportedUnions.SQL_UNION_ALL)
                .withSqlOuterJoinSupportLevel(SqlOuterJoinsSupportLevel.SQL_FULL_OUTER_JOINS);
    }

    /** The numbers of all facts, which the builder tells nobody but who asks for all. */
    public static Set<Integer> numbers(SqlInfoBuilder facts) {
        Set<Integer> numbers = new HashSet<>();
        facts.send(List.of(), new ServerStreamListener() {
            private @Nullable VectorSchemaRoot root;

            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public void setOnCancelHandler(Runnable handler) {}

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void start(VectorSchemaRoot root, DictionaryProvider dictionaries, IpcOption option) {
                this.root = root;
            }

            @Override
            public void putNext() {
                UInt4Vector column = (UInt4Vector) Objects.requireNonNull(root).getVector(0);
                for (int i = 0; i < column.getValueCount(); i++) {
                    numbers.add(column.get(i));
                }
            }

            @Override
            public void putNext(ArrowBuf metadata) {
                putNext();
            }

            @Override
            public void putMetadata(ArrowBuf metadata) {}

            @Override
            public void error(Throwable fault) {
                throw new IllegalStateException(fault);
            }

            @Override
            public void completed() {}
        });
        return Set.copyOf(numbers);
    }
}
