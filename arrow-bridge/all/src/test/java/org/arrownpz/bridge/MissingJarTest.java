package org.arrownpz.bridge;

import org.arrownpz.sql.Sql;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MissingJarTest {
    static Stream<Arguments> doors() {
        return Stream.of(
                Arguments.of(Sql.class, "open", "duckdb_jdbc", "add org.duckdb:duckdb_jdbc"),
                Arguments.of(NpzFlightServer.class, "start", "flight-core", "add org.apache.arrow:flight-core"));
    }

    @ParameterizedTest
    @MethodSource("doors")
    void namesTheJarToAdd(Class<?> type, String method, String jar, String remedy) throws Exception {
        List<URL> others = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!element.isEmpty() && !Path.of(element).getFileName().toString().startsWith(jar)) {
                others.add(Path.of(element).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            // The method's own signature must load without the jar.
            Method start = null;
            for (Method candidate : loader.loadClass(type.getName()).getMethods()) {
                start = candidate.getName().equals(method) ? candidate : start;
            }
            Method found = start;
            Object[] arguments = method.equals("open")
                    ? new Object[] {null}
                    : new Object[] {
                        null,
                        Path.of("."),
                        loader.loadClass(ServerOptions.class.getName())
                                .getMethod("defaults")
                                .invoke(null)
                    };
            assertThatThrownBy(() -> found.invoke(null, arguments))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(remedy);
        }
    }
}
