package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.u16;
import static org.arrownpz.npz.internal.zip.ZipRecords.CENTRAL_LENGTH;
import static org.arrownpz.npz.internal.zip.ZipRecords.FLAG_UTF8;

import java.nio.charset.StandardCharsets;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.npz.internal.zip.MemberNames;

/** Checks the names in a directory while it is read, and enters their keys into its table. */
final class NameIndexer {
    private final CentralDirectory.Parts parts;
    private final CentralDirectory directory;

    /** @param directory over the same parts, to name members in messages */
    NameIndexer(CentralDirectory.Parts parts, CentralDirectory directory) {
        this.parts = parts;
        this.directory = directory;
    }

    /**
     * Adds the next member.
     *
     * @param at the member's record, which is entered in the parts already
     * @throws NpzException ZIP_NAME about a name that is refused, ZIP_DUPLICATE about one whose key is another's
     */
    void add(int member, int at, int nameLength) throws NpzException {
        if (nameLength > MemberNames.MAX_LENGTH || !MemberNames.isPlain(parts.bytes, at + CENTRAL_LENGTH, nameLength)) {
            check(member, at, nameLength);
        }
        index(member);
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
    private void index(int member) throws NpzException {
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
        NameTable table = parts.table;
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
