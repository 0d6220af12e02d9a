package org.arrownpz.cli.file;

import java.util.Arrays;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The words of {@code info} about a member of an archive or directory, or about a file of one array.
 *
 * @param type what elements are that NumPy has no dtype for, or null
 */
public record MemberInfo(
        FrameSummary.Member member, @Nullable String type) {
    /** The alignment that Arrow and vector instructions like for arrays. */
    private static final int ALIGNMENT = 64;

    /** NumPy's name for the dtype of pickled Python objects. */
    private static final String OBJECT = "object";

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
        return new MemberInfo(member, null);
    }

    /** The type of elements; null for members that are no arrays. */
    public @Nullable String dtype() {
        NpyHeader header = member.header();
        return type != null
                ? type
                : header != null ? header.dtype().toString() : member.fault() != null ? OBJECT : null;
    }

    /** Why reading the member copies, or why Python objects are not read; null where it is viewed or is no array. */
    public @Nullable String reason() {
        NpzException fault = member.fault();
        return fault == null ? member.copyReason() : fault.problem();
    }

    private boolean aligned() {
        return member.offset() >= 0 && member.offset() % ALIGNMENT == 0;
    }

    /** The compression of the content. */
    public String method() {
        return switch (member.method()) {
            case 0 -> "stored";
            case 8 -> "deflated";
            default -> "method " + member.method();
        };
    }

    JsonObject toJson() {
        NpyHeader header = member.header();
        return new JsonObject()
                .put("name", member.name())
                .put("dtype", dtype())
                .put(
                        "shape",
                        header == null
                                ? null
                                : Arrays.stream(header.shape().lengths())
                                        .boxed()
                                        .toList())
                .put("order", header == null ? null : order(header))
                .put("method", method())
                .put("size", member.size())
                .put("compressed_size", member.compressedSize())
                .putKnown("offset", member.offset())
                .put("aligned", aligned())
                .put("viewable", header == null ? null : member.copyReason() == null)
                .put("reason", reason());
    }

    private static String order(NpyHeader header) {
        return header.order() == StorageOrder.FORTRAN ? "F" : "C";
    }
}
