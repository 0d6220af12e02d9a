package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.u16;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_UTF8;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.npz.internal.zip.MemberNames;

/** Checks the names in a directory while it is read, and enters their keys into its table. */
final class NameIndexer {
    private final CentralDirectory.Parts parts;
    private final CentralDirectory directory;

    /** Members from which on names that count up are no longer entered into the table. */
    private static final int WORTHWHILE = 64;
    /** What is looked at for each name that is in none of them. */
    private static final int MOST_RUNS = 8;

    private final NameCounter counter = new NameCounter();
    private final List<NameRun> runs = new ArrayList<>();
    /** Names so far; all but the last {@link #running} ones are in the table or in a run. */
    private int added;

    private int running;

    /** @param directory over the same parts, to name members in messages */
    NameIndexer(CentralDirectory.Parts parts, CentralDirectory directory) {
        this.parts = parts;
        this.directory = directory;
    }

    /**
     * Adds the next member. Whether two have one key is known after {@link #complete}, at the latest.
     *
     * @param at the member's record, which is entered in the parts already
     */
    void add(int member, int at, int nameLength) throws NpzException {
        int from = at + CENTRAL_LENGTH;
        if (counter.matches(parts.bytes, from, nameLength)) {
            // As plain as the name before.
            counter.advance();
            running++;
            added++;
            return;
        }
        boolean plain = nameLength <= MemberNames.MAX_LENGTH && MemberNames.isPlain(parts.bytes, from, nameLength);
        if (!plain) {
            check(member, at, nameLength);
        }
        endRun();
        added++;
        index(parts.index.table, member);
        if (!plain || runs.size() == MOST_RUNS || !counter.start(parts.bytes, from, nameLength)) {
            counter.stop();
        }
    }

    private void endRun() throws NpzException {
        int first = added - running;
        if (running >= WORTHWHILE) {
            runs.add(counter.run(counter.number() - running, first, running));
        } else {
            for (int member = first; member < added; member++) {
                index(parts.index.table, member);
            }
        }
        running = 0;
        counter.stop();
    }

    /**
     * Makes sure that no two members have one key, and readies the index.
     *
     * @throws NpzException ZIP_DUPLICATE about the first that has another's
     */
    void complete() throws NpzException {
        try {
            endRun();
        } catch (NpzException e) {
            requireDistinct();
            throw e;
        }
        if (meet()) {
            parts.index.table = requireDistinct();
        } else {
            parts.index.runs = List.copyOf(runs);
        }
    }

    /**
     * A table of all members so far.
     *
     * @throws NpzException ZIP_DUPLICATE about the first that has the key of another one
     */
    NameTable requireDistinct() throws NpzException {
        NameTable table = new NameTable(parts.records.length);
        for (int member = 0; member < added; member++) {
            index(table, member);
        }
        return table;
    }

    /** Whether some key of a run is that of another member, too. */
    private boolean meet() {
        for (int i = 0; i < runs.size(); i++) {
            for (int other = 0; other < i; other++) {
                if (runs.get(i).meets(runs.get(other))) {
                    return true;
                }
            }
        }
        int member = 0;
        for (int i = 0; i <= runs.size() && !runs.isEmpty(); i++) {
            int end = i < runs.size() ? runs.get(i).member() : added;
            for (; member < end; member++) {
                if (isInRun(member)) {
                    return true;
                }
            }
            member += i < runs.size() ? runs.get(i).count() : 0;
        }
        return false;
    }

    private boolean isInRun(int member) {
        byte[] utf8 = parts.renamed.isEmpty() ? null : parts.renamed.get(member);
        byte[] holder = utf8 != null ? utf8 : parts.bytes;
        int from = utf8 != null ? 0 : parts.records[member] + CENTRAL_LENGTH;
        int length = utf8 != null ? utf8.length : u16(parts.bytes, parts.records[member] + 28);
        int keyLength = MemberNames.keyLength(holder, from, length);
        for (NameRun run : runs) {
            if (run.find(holder, from, keyLength) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Names other than printable ASCII without separators. */
    private void check(int member, int at, int length) throws NpzException {
        int from = at + CENTRAL_LENGTH;
        if (length > MemberNames.MAX_LENGTH) {
            throw parts.location
                    .error(ErrorCode.ZIP_NAME, "a member's name is too long")
                    .at(parts.start + at)
                    .expected("at most " + MemberNames.MAX_LENGTH + " bytes")
                    .found(length)
                    .build();
        }
        boolean utf8 = (u16(parts.bytes, at + 8) & FLAG_UTF8) != 0;
        String name = MemberNames.decode(parts.bytes, from, length, utf8);
        if (name == null) {
            throw parts.location
                    .error(ErrorCode.ZIP_NAME, "a member's name is flagged as UTF-8 but is not")
                    .at(parts.start + at)
                    .build();
        }
        String refusal = MemberNames.fault(name);
        if (refusal != null) {
            throw parts.location.member(name).error(ErrorCode.ZIP_NAME, refusal).build();
        }
        if (!utf8 && name.chars().anyMatch(c -> c > 0x7f)) {
            parts.renamed.put(member, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Enters the member's key; a second member of one key is refused, since readers would differ on which counts. */
    private void index(NameTable table, int member) throws NpzException {
        byte[] utf8 = parts.renamed.isEmpty() ? null : parts.renamed.get(member);
        byte[] holder = utf8 != null ? utf8 : parts.bytes;
        int from = utf8 != null ? 0 : parts.records[member] + CENTRAL_LENGTH;
        int length = utf8 != null ? utf8.length : u16(parts.bytes, parts.records[member] + 28);
        int keyLength = MemberNames.keyLength(holder, from, length);
        if (keyLength == 0) {
            throw directory
                    .location(member)
                    .error(ErrorCode.ZIP_NAME, "the name leaves an empty key")
                    .build();
        }
        int slot = table.first(holder, from, keyLength);
        for (; table.at(slot) >= 0; slot = table.next(slot)) {
            if (directory.hasKey(table.at(slot), holder, from, keyLength)) {
                throw duplicate(table.at(slot), member);
            }
        }
        table.put(slot, member);
    }

    private NpzException duplicate(int first, int second) {
        String name = directory.name(second);
        String other = directory.name(first);
        String problem = name.equals(other)
                ? "two members have this name"
                : "member " + SafeText.quote(other) + " has the same key";
        return parts.location
                .member(name)
                .error(ErrorCode.ZIP_DUPLICATE, problem)
                .build();
    }
}
