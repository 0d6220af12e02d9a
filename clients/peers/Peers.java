import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;

/**
 * parquet-java and hardwood judge files. {@code check DIRECTORY}: they read each NNN.parquet as they read NNN.ref, which
 * another writer made of the same table. {@code used FILE}: parquet-java reads few rows by page index and Bloom filter.
 */
public final class Peers {
    private Peers() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("used")) {
            used(Path.of(arguments[1]));
            return;
        }
        int files = 0;
        int failures = 0;
        List<Path> all;
        try (Stream<Path> listed = Files.list(Path.of(arguments[1]))) {
            all = listed.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
        }
        for (Path file : all) {
            Path reference = file.resolveSibling(file.getFileName().toString().replace(".parquet", ".ref"));
            for (String reader : new String[] {"parquet-java", "hardwood"}) {
                String expected = reader.equals("hardwood") ? said(Peers::hardwood, reference) : said(Peers::parquetJava, reference);
                String found = reader.equals("hardwood") ? said(Peers::hardwood, file) : said(Peers::parquetJava, file);
                // pyarrow's files without rows have a row group, which hardwood does not read.
                boolean unread = expected.startsWith("class ") && found.isEmpty();
                if (!found.equals(expected) && !unread) {
                    failures++;
                    int at = 0;
                    while (at < Math.min(found.length(), expected.length()) && found.charAt(at) == expected.charAt(at)) {
                        at++;
                    }
                    System.out.printf("%s %s%n  found    %s%n  expected %s%n", reader, file.getFileName(), part(found, at), part(expected, at));
                }
            }
            files++;
        }
        System.out.printf("%d files, %d differences%n", files, failures);
        System.exit(failures == 0 && files > 0 ? 0 : 1);
    }

    private interface Reading {
        String of(Path file) throws Exception;
    }

    private static String said(Reading reading, Path file) {
        try {
            return reading.of(file);
        } catch (Exception | Error e) {
            // Of what a reader knows neither, both files have the same.
            return e.getClass() + ": " + String.valueOf(e.getMessage()).replace(file.toAbsolutePath().toString(), "FILE").replace(file.getFileName().toString(), "FILE");
        }
    }

    private static String part(String text, int at) {
        return text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 100)).replace('\n', ' ');
    }

    private static ParquetReader.Builder<Group> reader(Path file) {
        return new ParquetReader.Builder<Group>(new LocalInputFile(file), new PlainParquetConfiguration()) {
            @Override
            protected ReadSupport<Group> getReadSupport() {
                return new GroupReadSupport();
            }
        };
    }

    private static String parquetJava(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ParquetReader<Group> rows = reader(file).usePageChecksumVerification().build()) {
            for (Group row = rows.read(); row != null; row = rows.read()) {
                text.append(row).append('\n');
            }
        }
        return text.toString();
    }

    private static String hardwood(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ParquetFileReader opened = ParquetFileReader.open(InputFile.of(file));
                RowReader rows = opened.rowReader()) {
            while (rows.hasNext()) {
                rows.next();
                print(rows, text);
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static void print(Object value, StringBuilder text) {
        if (value instanceof StructAccessor struct) {
            text.append('{');
            for (int i = 0; i < struct.getFieldCount(); i++) {
                text.append(struct.getFieldName(i)).append('=');
                print(struct.isNull(i) ? null : struct.getRawValue(i), text);
                text.append(' ');
            }
            text.append('}');
        } else if (value instanceof PqList list) {
            text.append('[');
            for (int i = 0; i < list.size(); i++) {
                print(list.isNull(i) ? null : list.getRaw(i), text);
                text.append(' ');
            }
            text.append(']');
        } else if (value instanceof PqMap map) {
            for (PqMap.Entry entry : map.getEntries()) {
                print(entry.getRawKey(), text);
                text.append("->");
                print(entry.isValueNull() ? null : entry.getRawValue(), text);
                text.append(' ');
            }
        } else if (value instanceof byte[] bytes) {
            text.append(java.util.HexFormat.of().formatHex(bytes));
        } else {
            text.append(value);
        }
    }

    /** Rows that parquet-java reads, since no index tells it that they cannot be wanted; it judges none itself. */
    private static long rows(Path file, UnaryOperator<ParquetReader.Builder<Group>> options) throws IOException {
        long count = 0;
        try (ParquetReader<Group> rows = options.apply(reader(file).useRecordFilter(false)).build()) {
            while (rows.read() != null) {
                count++;
            }
        }
        return count;
    }

    /**
     * A file with ascending numbers in {@code id}, numbers without order and a filter in {@code key}, but not 1, and the id
     * as often as it is above a multiple of 4, and three times more, in the lists {@code items}.
     */
    private static void used(Path file) throws IOException {
        FilterCompat.Filter id = FilterCompat.get(FilterApi.eq(FilterApi.longColumn("id"), 123_456L));
        FilterCompat.Filter key = FilterCompat.get(FilterApi.eq(FilterApi.longColumn("key"), 1L));
        long all = rows(file, reader -> reader);
        long group = rows(file, reader -> reader.withFilter(id).useColumnIndexFilter(false));
        long pages = rows(file, reader -> reader.withFilter(id));
        long without = rows(file, reader -> reader.withFilter(key).useBloomFilter(false));
        long filtered = rows(file, reader -> reader.withFilter(key));
        String found;
        try (ParquetReader<Group> rows = reader(file).withFilter(id).build()) {
            found = String.valueOf(rows.read()).replaceAll("\\s+", " ");
        }
        String item = " list element: 123456";
        boolean whole = found.startsWith("id: 123456 ") && found.endsWith(" items" + item + item + item + " ");
        System.out.println(found);
        System.out.printf("%d rows: %d by statistics, %d by the page index; %d without the filter, %d with it%n", all, group, pages, without, filtered);
        System.exit(whole && group < all && pages < group && without == all && filtered == 0 ? 0 : 1);
    }
}
