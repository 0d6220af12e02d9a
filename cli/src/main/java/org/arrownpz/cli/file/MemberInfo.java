package org.arrownpz.cli.file;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.cli.print.TextTable;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.StorageOrder;
import org.jspecify.annotations.Nullable;

/**
 * What {@code info} tells about a member of an archive or directory, or about a file of one array.
 *
 * @param name the member's name
 * @param header the array's header, or null for other members and for arrays of Python objects
 * @param method stored, deflated, or the number of another method
 * @param size bytes of the content
 * @param compressedSize bytes that the content takes in the file
 * @param offset file offset of the first element (of the content where it is no array), or -1 where it is compressed
 * @param copyReason why reading it copies, or null where it can be viewed; of Python objects, why they are not read;
 *     null for other members
 */
record MemberInfo(
        String name,
        @Nullable NpyHeader header,
        String method,
        long size,
        long compressedSize,
        long offset,
        @Nullable String copyReason) {
    /** Where Arrow and vector instructions like arrays to start. */
    private static final int ALIGNMENT = 64;

    /** What NumPy calls the dtype of pickled Python objects. */
    private static final String OBJECT = "object";

    private static final List<String> HEADER =
            List.of("member", "dtype", "shape", "order", "method", "bytes", "offset", "aligned", "read as");

    /**
     * A member as its headers tell it.
     *
     * @throws NpzException why the header of an array cannot be read, but for one of Python objects
     */
    static MemberInfo of(FrameSummary.Member member) throws NpzException {
        NpzException fault = member.fault();
        if (fault != null && fault.code() != ErrorCode.OBJECT_DTYPE) {
            throw fault;
        }
        String method =
                member.method() == 0 ? "stored" : member.method() == 8 ? "deflated" : "method " + member.method();
        return new MemberInfo(
                member.name(),
                member.header(),
                method,
                member.size(),
                member.compressedSize(),
                member.offset(),
                fault == null ? member.copyReason() : fault.problem());
    }

    boolean aligned() {
        return offset >= 0 && offset % ALIGNMENT == 0;
    }

    void writeTo(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", name);
        if (header == null) {
            out.writeStringField("dtype", copyReason == null ? null : OBJECT);
            out.writeNullField("shape");
            out.writeNullField("order");
        } else {
            out.writeStringField("dtype", header.dtype().toString());
            out.writeArrayFieldStart("shape");
            for (long length : header.shape().lengths()) {
                out.writeNumber(length);
            }
            out.writeEndArray();
            out.writeStringField("order", order());
        }
        out.writeStringField("method", method);
        out.writeNumberField("size", size);
        out.writeNumberField("compressed_size", compressedSize);
        if (offset < 0) {
            out.writeNullField("offset");
        } else {
            out.writeNumberField("offset", offset);
        }
        out.writeBooleanField("aligned", aligned());
        if (header == null) {
            out.writeNullField("viewable");
        } else {
            out.writeBooleanField("viewable", copyReason == null);
        }
        out.writeStringField("reason", copyReason);
        out.writeEndObject();
    }

    private String order() {
        return header != null && header.order() == StorageOrder.FORTRAN ? "F" : "C";
    }

    /** An aligned table, safe for terminals; nothing where there are no members. */
    static String table(List<MemberInfo> members) {
        TextTable table = TextTable.of(HEADER, Set.of());
        members.forEach(member -> table.add(member.cells()));
        return members.isEmpty() ? "" : table.take().indent(2);
    }

    private String[] cells() {
        boolean array = header != null;
        return new String[] {
            SafeText.escape(name),
            header != null ? SafeText.escape(header.dtype().toString()) : copyReason == null ? "" : OBJECT,
            header == null ? "" : header.shape().toString(),
            array ? order() : "",
            method,
            Long.toString(size),
            offset < 0 ? "" : Long.toString(offset),
            offset < 0 ? "" : aligned() ? "yes" : "no",
            copyReason != null ? (array ? "copy: " : "refused: ") + copyReason : array ? "view" : ""
        };
    }
}
