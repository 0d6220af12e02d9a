package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page for browsers, and the library of its charts: resources of the class path, by names that are plain. */
final class Page {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+");
    private static final String LIBRARY = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    private Page() {}

    /** A file and its media type. */
    record Resource(String type, byte[] bytes) {}

    /** The resource that a path names, or null. */
    static @Nullable Resource find(List<String> path) throws IOException {
        return switch (path.get(0)) {
            case "" -> path.size() == 1 ? read("page/", "index.html") : null;
            case "openapi.json" -> path.size() == 1 ? read("", "openapi.json") : null;
            case "page" -> path.size() == 2 ? read("page/", path.get(1)) : null;
            case "lib" -> path.size() == 3 && path.get(1).equals("uplot") ? read(LIBRARY, path.get(2)) : null;
            default -> null;
        };
    }

    private static @Nullable Resource read(String folder, String name) throws IOException {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return null;
        }
        try (InputStream bytes = Page.class.getResourceAsStream(folder + name)) {
            return bytes == null ? null : new Resource(type, bytes.readAllBytes());
        }
    }
}
