package org.arrownpz.flight.internal.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.jspecify.annotations.Nullable;

/** The forms in which rows are sent, by the word that asks for them, or by a media type of {@code Accept}. */
enum Form {
    ARROW("arrow", "application/vnd.apache.arrow.stream", "arrows"),
    ARROW_FILE("arrow-file", "application/vnd.apache.arrow.file", "arrow"),
    PARQUET("parquet", "application/vnd.apache.parquet", "parquet"),
    NPZ("npz", "application/x-npz", "npz"),
    CSV("csv", "text/csv", "csv"),
    JSON("json", "application/x-ndjson", "jsonl"),
    JSON_ROWS("json-rows", "application/json", "json");

    private final String word;
    final String mediaType;
    final String extension;

    Form(String word, String mediaType, String extension) {
        this.word = word;
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /**
     * The form that a client wants; the Arrow stream where it does not say.
     *
     * @param format the word, or null
     * @param accept the header, or null
     * @throws IllegalArgumentException for an unknown word
     */
    static Form of(@Nullable String format, @Nullable String accept) {
        if (format != null) {
            for (Form form : values()) {
                if (form.word.equals(format)) {
                    return form;
                }
            }
            throw new IllegalArgumentException("format is one of "
                    + Arrays.stream(values()).map(form -> form.word).collect(Collectors.joining(", ")));
        }
        QuotedQualityCSV wanted = new QuotedQualityCSV();
        if (accept != null) {
            wanted.addValue(accept);
        }
        List<String> types = wanted.getValues();
        for (String type : types) {
            String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            for (Form form : values()) {
                if (form.mediaType.equals(bare)) {
                    return form;
                }
            }
        }
        return ARROW;
    }
}
