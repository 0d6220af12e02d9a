package org.arrownpz.sql;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** A program that waits for a statement that takes for ever; it prints the number of the statement's process. */
final class OrphanRun {
    private OrphanRun() {}

    public static void main(String[] arguments) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Sql sql = Sql.isolated(allocator)) {
            sql.query("SELECT 1").close();
            List<ProcessHandle> workers = ProcessHandle.current().children().toList();
            System.out.println(workers.get(0).pid());
            try (ArrowReader rows = sql.query("SELECT levenshtein(repeat('a',1000000),repeat('b',1000000))")) {
                rows.loadNextBatch();
            }
        }
    }
}
