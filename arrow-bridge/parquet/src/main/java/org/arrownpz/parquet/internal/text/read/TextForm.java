package org.arrownpz.parquet.internal.text.read;

/** The forms of text files. */
public enum TextForm {
    CSV("CSV"),
    JSON("JSON lines");

    private final String label;

    TextForm(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
