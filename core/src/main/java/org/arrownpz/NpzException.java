package org.arrownpz;

import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The one exception for bad, unreadable or changed files.
 *
 * <p>It carries a stable {@link #code()}, the file, the archive member and the byte offset where known, what was
 * expected and found, and a remedy where there is one. Text taken from files is escaped and cut to 80 characters.
 * Misuse of the API is {@link IllegalArgumentException} instead. Instances are immutable and safe to share.
 *
 * <pre>{@code
 * try (Frame frame = Frames.open(allocator, Path.of("upload.npz"), ReadOptions.inMemory())) {
 *     System.out.println(frame.rowCount());
 * } catch (NpzException e) {
 *     System.err.println(e.code() + ": " + e.getMessage());
 * }
 * }</pre>
 */
public final class NpzException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Facts facts;

    private NpzException(Builder facts) {
        super(facts.message(), facts.cause);
        this.facts = facts.facts();
    }

    /** The facts of an exception, serialized with it, as Spark needs them. */
    private record Facts(
            ErrorCode code,
            String problem,
            @Nullable String file,
            @Nullable String member,
            long offset,
            @Nullable String expected,
            @Nullable String found,
            @Nullable String remedy)
            implements Serializable {}

    /** Starts an exception. */
    public static Builder of(ErrorCode code, String problem) {
        return new Builder(code, problem);
    }

    /** The stable code of the fault. */
    public ErrorCode code() {
        return facts.code();
    }

    /** The file as the caller named it, or null for unnamed buffers. */
    public @Nullable String file() {
        return facts.file();
    }

    /** The archive member or directory entry, escaped, or null when the fault is of the whole file. */
    public @Nullable String member() {
        return facts.member();
    }

    /** The byte offset of the fault in the member (or in the file where there is no member), or -1. */
    public long offset() {
        return facts.offset();
    }

    /** The thing that should have been there, or null. */
    public @Nullable String expected() {
        return facts.expected();
    }

    /** The thing that was there, or null. */
    public @Nullable String found() {
        return facts.found();
    }

    /** The user's remedy, as a sentence, or null. */
    public @Nullable String remedy() {
        return facts.remedy();
    }

    /** The problem alone, without place, expectation and remedy. */
    public String problem() {
        return facts.problem();
    }

    /** Collects the facts of an exception. Text that stems from a file must go in through {@link SafeText}. */
    public static final class Builder {
        private final ErrorCode code;
        private final String problem;
        private @Nullable String file;
        private @Nullable String member;
        private long offset = -1;
        private @Nullable String expected;
        private @Nullable String found;
        private @Nullable String remedy;
        private @Nullable Throwable cause;

        private Builder(ErrorCode code, String problem) {
            this.code = code;
            this.problem = problem;
        }

        public Builder file(@Nullable String name) {
            this.file = name == null ? null : SafeText.escape(name, 4096);
            return this;
        }

        public Builder member(@Nullable String name) {
            this.member = name == null ? null : SafeText.escape(name);
            return this;
        }

        public Builder at(long byteOffset) {
            this.offset = byteOffset;
            return this;
        }

        public Builder expected(@Nullable Object value) {
            this.expected = value == null ? null : value.toString();
            return this;
        }

        public Builder found(@Nullable Object value) {
            this.found = value == null ? null : value.toString();
            return this;
        }

        public Builder remedy(@Nullable String sentence) {
            this.remedy = sentence;
            return this;
        }

        public Builder cause(@Nullable Throwable throwable) {
            this.cause = throwable;
            return this;
        }

        public NpzException build() {
            return new NpzException(this);
        }

        private Facts facts() {
            return new Facts(code, problem, file, member, offset, expected, found, remedy);
        }

        private String message() {
            StringBuilder text = new StringBuilder();
            if (file != null) {
                text.append(file);
            }
            if (member != null) {
                text.append(file == null ? "" : "!/").append(member);
            }
            if (offset >= 0) {
                text.append(text.length() == 0 ? "" : " ").append("at byte ").append(offset);
            }
            text.append(text.length() == 0 ? "" : ": ")
                    .append(code)
                    .append(": ")
                    .append(problem);
            if (expected != null && found != null) {
                text.append(": expected ")
                        .append(expected)
                        .append(" but found ")
                        .append(found);
            } else if (expected != null) {
                text.append(": expected ").append(expected);
            } else if (found != null) {
                text.append(": found ").append(found);
            }
            if (remedy != null) {
                text.append(". ").append(remedy);
            }
            return text.toString();
        }
    }
}
