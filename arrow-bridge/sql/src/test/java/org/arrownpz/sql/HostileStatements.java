package org.arrownpz.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Statements that take time, memory or stack, by what they do, and some that end DuckDB's process. */
public final class HostileStatements {
    private static final Map<String, String> ALL = new LinkedHashMap<>();

    private HostileStatements() {}

    public static Map<String, String> all() {
        return ALL;
    }

    private static void put(String name, String statement) {
        ALL.put(name, statement);
    }

    private static String each(String separator, int first, int end, IntFunction<String> text) {
        return IntStream.range(first, end).mapToObj(text).collect(Collectors.joining(separator));
    }

    static {
        put("range list 2e8", "SELECT len(range(200000000))");
        put("range lists 10x 2e7", "SELECT sum(len(range(20000000+x))) FROM range(10) t(x)");
        put("lists small rows", "SELECT sum(len(range(x))) FROM range(1000000,1000200) t(x)");
        put("list over file", "SELECT sum(len(range(id*1000))) FROM small");
        put("planner only", "SELECT len(range(100000000)) FROM small WHERE false");
        put("paren 10k", "SELECT " + "(".repeat(10_000) + "1" + ")".repeat(10_000));
        put("paren 100k", "SELECT " + "(".repeat(100_000) + "1" + ")".repeat(100_000));
        put("plus 60k", "SELECT 1" + "+1".repeat(60_000));
        put("plus 130k", "SELECT 1" + "+1".repeat(130_000));
        put("not 60k", "SELECT " + "NOT ".repeat(60_000) + "true");
        put("minus 100k", "SELECT " + "- ".repeat(100_000) + "1");
        put("list nest 10k", "SELECT " + "[".repeat(10_000) + "1" + "]".repeat(10_000));
        put("list nest 120k", "SELECT " + "[".repeat(120_000) + "1" + "]".repeat(120_000));
        put("subq 5k", "SELECT * FROM " + "(SELECT * FROM ".repeat(5000) + "(SELECT 1)" + ")".repeat(5000));
        put("subq 900", "SELECT * FROM " + "(SELECT * FROM ".repeat(900) + "(SELECT 1)" + ")".repeat(900));
        put("case 5k", "SELECT " + "CASE WHEN true THEN ".repeat(5000) + "1" + " END".repeat(5000));
        put("cast 20k", "SELECT 1" + "::int".repeat(20_000));
        put("cast 900", "SELECT 1" + "::int::text".repeat(450));
        put("func 20k", "SELECT " + "abs(".repeat(20_000) + "1" + ")".repeat(20_000));
        put("and 20k", "SELECT true" + " AND true".repeat(20_000));
        put("or mixed 20k", "SELECT 1=1" + " OR 1=2 AND 1=1".repeat(10_000));
        put("union 10k", "SELECT 1" + " UNION ALL SELECT 1".repeat(10_000));
        put("join 3k", "SELECT count(*) FROM (SELECT 1) a0" + each("", 1, 3000, i -> ", (SELECT 1) a" + i));
        put("cols 30k", "SELECT " + each(",", 0, 25000, i -> "1 c" + i));
        put("in 60k", "SELECT 1 IN (" + each(",", 0, 40000, i -> "" + i) + ")");
        put("dot 50k", "SELECT a" + ".a".repeat(50_000));
        put("json nest", "SELECT '" + "[".repeat(120_000) + "]".repeat(120_000) + "'::JSON");
        put("json extract", "SELECT json_extract('" + "{\"a\":".repeat(30_000) + "1" + "}".repeat(30_000) + "','$.a')");
        put("cast nested list", "SELECT '" + "[".repeat(100_000) + "]".repeat(100_000) + "'::INT[][]");
        put("type nest", "SELECT NULL::INT" + "[]".repeat(100_000));
        put("type nest 5k", "SELECT NULL::INT" + "[]".repeat(5000));
        put("struct type 3k", "SELECT NULL::" + "STRUCT(a ".repeat(3000) + "INT" + ")".repeat(3000));
        put("lambda nest", "SELECT " + "list_transform([1],x->".repeat(1000) + "1" + ")".repeat(1000));
        put("with 5k", "WITH " + each(",", 0, 5000, i -> "a" + i + " AS (SELECT 1)") + " SELECT 1");
        put(
                "with chain 2k",
                "WITH a0 AS (SELECT 1 x)"
                        + each(
                                "",
                                1,
                                60,
                                i -> ",a" + i + " AS (SELECT * FROM a" + (i - 1) + " UNION ALL SELECT * FROM a"
                                        + (i - 1) + ")")
                        + " SELECT count(*) FROM a59");
        put("repeat 1e10", "SELECT length(repeat('x',10000000000))");
        put("repeat 4e9", "SELECT length(repeat('x',4000000000))");
        put("repeat list", "SELECT len(list_resize([1],2000000000,1))");
        put("range list 1e10", "SELECT len(range(10000000000))");
        put("range list 1e9", "SELECT len(range(1000000000))");
        put("series 1e12", "SELECT count(*) FROM generate_series(1,1000000000000)");
        put("range rows", "SELECT max(range) FROM range(1000000000000)");
        put("recursive", "WITH RECURSIVE t AS (SELECT 1 x UNION ALL SELECT x+1 FROM t) SELECT count(*) FROM t");
        put(
                "recursive text",
                "WITH RECURSIVE t AS (SELECT 'x' x UNION ALL SELECT x||x FROM t) SELECT max(length(x)) FROM t");
        put("lpad", "SELECT length(lpad('a',2000000000,'x'))");
        put("printf", "SELECT length(printf('%2000000000d',1))");
        put("format", "SELECT length(format('{:>2000000000}','a'))");
        put("bar", "SELECT length(bar(1,0,1,1000000000))");
        put("array_agg", "SELECT len(array_agg(range)) FROM range(2000000000)");
        put("string_agg", "SELECT length(string_agg(repeat('x',1000),',')) FROM range(100000000)");
        put("histogram", "SELECT cardinality(histogram(range)) FROM range(500000000)");
        put(
                "sort",
                "SELECT max(r) FROM (SELECT range r, hash(range) h FROM range(2000000000) ORDER BY h LIMIT 1000000000)");
        put("distinct", "SELECT count(DISTINCT hash(range)) FROM range(2000000000)");
        put("window", "SELECT max(s) FROM (SELECT sum(range) OVER (ORDER BY hash(range)) s FROM range(1000000000))");
        put("cross", "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range*b.range%3=1");
        put(
                "hashjoin",
                "SELECT count(*) FROM range(500000000) a JOIN range(500000000) b ON hash(a.range)=hash(b.range)");
        put("regex", "SELECT regexp_matches(repeat('a',100000)||'b','(a+)+$')");
        put("regex big", "SELECT regexp_matches('a','(((a{1,100}){1,100}){1,100})')");
        put("regex backref", "SELECT regexp_replace(repeat('a',1000000),'a','" + "b".repeat(1000) + "','g')");
        put("like", "SELECT repeat('a',100000) LIKE '" + "%a".repeat(1000) + "%b'");
        put("levenshtein", "SELECT levenshtein(repeat('a',100000),repeat('b',100000))");
        put("damerau", "SELECT damerau_levenshtein(repeat('a',100000),repeat('b',100000))");
        put("jaro", "SELECT jaro_similarity(repeat('a',300000),repeat('b',300000))");
        put("factorial", "SELECT factorial(1000)");
        put("bit", "SELECT length(bitstring('1',2000000000))");
        put("from_hex", "SELECT length(from_hex(repeat('ff',500000000)))");
        put("b64", "SELECT length(to_base64(repeat('x',1000000000)::blob))");
        put("url", "SELECT length(url_encode(repeat('é',300000000)))");
        put("split", "SELECT len(string_split(repeat('a,',200000000),','))");
        put("unicode", "SELECT length(upper(repeat('ß',1000000000)))");
        put("pivot", "PIVOT (SELECT range r, range%100000 k FROM range(1000000)) ON k USING sum(r)");
        put("random str", "SELECT count(*) FROM (SELECT md5(range::text) FROM range(100000000))");
        put("flatten", "SELECT len(flatten([range(100000000) for x in range(100)]))");
        put("generate_subs", "SELECT count(*) FROM (SELECT unnest(range(1000000000)))");
        put("all types", "SELECT count(*) FROM test_all_types()");
        put("approx", "SELECT approx_top_k(range,1000000) FROM range(10000000)");
        put("mode", "SELECT mode(range) FROM range(500000000)");
        put("quantile", "SELECT quantile_cont(range,0.5) FROM range(1000000000)");
        put("list_sort", "SELECT len(list_sort(range(200000000)))");
        put("sleep", "SELECT sleep_ms(100000000)");
        put("sleep many", "SELECT sum(1) FROM range(100) WHERE sleep_ms(100000) IS NULL");
        put(
                "date range",
                "SELECT count(*) FROM generate_series(TIMESTAMP '0001-01-01',TIMESTAMP '9999-01-01',INTERVAL 1 MICROSECOND)");
        put("vector agg", "SELECT list_distance(range(100000000)::DOUBLE[],range(100000000)::DOUBLE[])");
        put("bignum", "SELECT length((repeat('9',1000000)::BIGNUM)::text)");
        put("decimal", "SELECT '" + "9".repeat(200_000) + "'::DECIMAL(38,0)");
        put("uuid", "SELECT count(DISTINCT uuid()) FROM range(100000000)");
        put("wide result", "SELECT repeat('x',300000000) FROM range(10)");
        put("max message", "SELECT repeat('x',100000000)");
        put("json structure", "SELECT json_structure(repeat('[',200000)||repeat(']',200000))");
        put(
                "json contains",
                "SELECT json_contains(repeat('[',200000)||repeat(']',200000), repeat('[',200000)||repeat(']',200000))");
        put(
                "json merge",
                "SELECT json_merge_patch(repeat('{\"a\":',100000)||'1'||repeat('}',100000), repeat('{\"a\":',100000)||'1'||repeat('}',100000))");
        put("json variant", "SELECT (repeat('[',200000)||repeat(']',200000))::JSON::VARIANT");
        put("from json", "SELECT from_json('1', repeat('{\"a\":',50000)||'\"INT\"'||repeat('}',50000))");
        put("nested comments", "SELECT " + "/*".repeat(16_000) + "*/".repeat(16_000) + "1");
    }
}
