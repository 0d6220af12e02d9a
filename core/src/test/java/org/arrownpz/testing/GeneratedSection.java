package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A part of a document that a test writes from what it observes, between {@code <!-- NAME: begin -->} and {@code
 * <!-- NAME: end -->}. With {@code -Darrownpz.regenerate=true} the part is written anew, else it has to be as observed.
 */
public final class GeneratedSection {
    private GeneratedSection() {}

    public static void check(Path document, Class<?> test, String observed) throws IOException {
        String name = test.getSimpleName();
        String begin = "<!-- " + name + ": begin -->\n";
        String end = "<!-- " + name + ": end -->\n";
        String text = Files.readString(document);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
        assertThat(to).as(end).isGreaterThanOrEqualTo(from);
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.writeString(document, text.substring(0, from) + observed + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("%s is stale: run %s with -Darrownpz.regenerate=true", document.getFileName(), name)
                .isEqualTo(observed);
    }

    /** The type of a field with its parts and its extension, as the document names it. */
    public static String typeName(Field field) {
        String children = field.getChildren().isEmpty()
                ? ""
                : field.getChildren().stream()
                        .map(GeneratedSection::typeName)
                        .collect(Collectors.joining(", ", "<", ">"));
        String extension = field.getMetadata().get("ARROW:extension:name");
        return typeName(field.getType() + children) + (extension == null ? "" : " as " + extension);
    }

    /** A type as the document names it, where Arrow Java spells it otherwise: {@code Int16} for {@code Int(16, true)}. */
    public static String typeName(String arrow) {
        return arrow.replaceAll("Int\\((\\d+), true\\)", "Int$1")
                .replaceAll("Int\\((\\d+), false\\)", "UInt$1")
                .replace("FloatingPoint(HALF)", "Float16")
                .replace("FloatingPoint(SINGLE)", "Float32")
                .replace("FloatingPoint(DOUBLE)", "Float64")
                .replace(", null)", ")")
                .replace("Map(false)<", "Map<");
    }
}
