package org.arrownpz.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of what GraalVM's native images have to keep: for names that are looked up, here and in Arrow's memory. */
class ReachabilityMetadataTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String LIST = "/META-INF/native-image/org.arrownpz/arrow-npz-core/reachability-metadata.json";
    private static final Pattern LOOKED_UP = Pattern.compile("(?:findClass|getDeclaredField)\\(\\s*\"([\\w.]+)\"|"
            + "find(?:Virtual|Static)\\(\\s*[\\w.]+,\\s*\"(\\w+)\"");

    private static JsonNode list() throws IOException {
        try (InputStream in = ReachabilityMetadataTest.class.getResourceAsStream(LIST)) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static String signature(Executable executable) {
        return Arrays.stream(executable.getParameterTypes()).map(Class::getName).toList() + " "
                + (executable instanceof java.lang.reflect.Method ? executable.getName() : "<init>");
    }

    @Test
    void namesOnlyMembersThatThisJvmHasOrNewerOnesBring() throws Exception {
        List<String> missing = new ArrayList<>();
        for (JsonNode type : list().get("reflection")) {
            String name = type.get("type").asText();
            Class<?> found;
            try {
                found = Class.forName(name, false, getClass().getClassLoader());
            } catch (ClassNotFoundException e) {
                missing.add(name);
                continue;
            }
            Set<String> members = new TreeSet<>();
            Stream.of(found.getDeclaredMethods(), found.getDeclaredConstructors())
                    .flatMap(Arrays::stream)
                    .forEach(member -> members.add(signature(member)));
            for (JsonNode method : type.path("methods")) {
                List<String> parameters = new ArrayList<>();
                method.get("parameterTypes").forEach(parameter -> parameters.add(parameter.asText()));
                String wanted = parameters + " " + method.get("name").asText();
                if (!members.contains(wanted)) {
                    missing.add(name + " " + wanted);
                }
            }
            for (JsonNode field : type.path("fields")) {
                if (!name.startsWith("java.")) {
                    assertThat(found.getDeclaredField(field.get("name").asText()))
                            .isNotNull();
                }
            }
        }
        boolean foreign = Runtime.version().feature() >= 22;
        assertThat(missing)
                .filteredOn(name -> !name.startsWith("org.apache.arrow.memory.unsafe"))
                .allMatch(name -> name.contains("DirectByteBuffer") || !foreign && name.contains("java.lang.foreign"))
                .hasSize(foreign ? 1 : 4);
    }

    @Test
    void hasEachNameThatCoreLooksUp() throws IOException {
        String list = list().toString();
        Set<String> names = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher name = LOOKED_UP.matcher(Files.readString(source));
                while (name.find()) {
                    names.add(name.group(1) != null ? name.group(1) : name.group(2));
                }
            }
        }
        assertThat(names).contains("theUnsafe", "java.lang.foreign.Arena", "ofShared", "map");
        assertThat(names).allMatch(name -> list.contains('"' + name + '"'));
    }
}
