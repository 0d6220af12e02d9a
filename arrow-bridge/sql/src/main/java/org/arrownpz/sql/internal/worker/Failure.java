package org.arrownpz.sql.internal.worker;

import java.util.concurrent.CancellationException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.sql.internal.Runner.Refusal;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** The failure of a statement, from one process to the other. */
final class Failure {
    private static final int TEXT = 16_000;

    private Failure() {}

    static byte[] bytes(Throwable cause) {
        Values.Writer out = new Values.Writer();
        if (cause instanceof NpzException fault) {
            return out.text("fault")
                    .text(fault.code().name())
                    .text(cut(fault.problem()))
                    .text(fault.file())
                    .text(fault.member())
                    .number(fault.offset())
                    .text(fault.expected())
                    .text(fault.found())
                    .text(fault.remedy())
                    .bytes();
        }
        String message = cut(String.valueOf(cause.getMessage()));
        if (cause instanceof Refusal refusal) {
            return out.text("refusal").text(message).text(refusal.excerpt()).bytes();
        }
        if (cause instanceof CancellationException) {
            return out.text("cancelled").bytes();
        }
        if (cause instanceof OutOfMemoryException || Faults.isOutOfMemory(cause)) {
            return bytes(NpzException.of(ErrorCode.LIMIT, "the statement needs more memory than it may take")
                    .remedy("Give it a higher limit, or read less")
                    .build());
        }
        if (cause instanceof IllegalArgumentException) {
            return out.text("argument").text(message).bytes();
        }
        return out.text("failed")
                .text(cause.getClass().getSimpleName() + ": " + message)
                .bytes();
    }

    private static String cut(String text) {
        return text.length() <= TEXT ? text : text.substring(0, TEXT);
    }

    /**
     * The exception that such bytes stand for.
     *
     * @param id of the statement
     */
    static Exception of(byte[] bytes, String id) {
        try {
            Values.Reader in = Values.Reader.of(bytes);
            return switch (in.text()) {
                case "fault" -> fault(in);
                case "refusal" -> {
                    String message = in.text();
                    yield new Refusal(message, in.text(), null);
                }
                case "cancelled" -> new CancellationException("the query was cancelled");
                case "argument" -> new IllegalArgumentException(in.text());
                default ->
                    internal("statement " + id + " failed", null)
                            .found(in.text())
                            .build();
            };
        } catch (RuntimeException e) {
            return internal("statement " + id + " failed, and its process does not say why", e)
                    .build();
        }
    }

    private static NpzException fault(Values.Reader in) {
        return NpzException.of(ErrorCode.valueOf(in.text()), in.text())
                .file(in.textOrNull())
                .member(in.textOrNull())
                .at(in.number())
                .expected(in.textOrNull())
                .found(in.textOrNull())
                .remedy(in.textOrNull())
                .build();
    }

    /** A fault of neither the statement nor its data. */
    static NpzException.Builder internal(String problem, @Nullable Throwable cause) {
        return NpzException.of(ErrorCode.INTERNAL, problem).cause(cause);
    }
}
