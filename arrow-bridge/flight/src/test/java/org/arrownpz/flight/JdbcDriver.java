package org.arrownpz.flight;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;

/** Arrow's JDBC driver, in a class loader of its own, for it carries a Netty and an Arrow of its own, whose threads outlive connections. */
final class JdbcDriver {
    private static final String JAR =
            "org/apache/arrow/flight-sql-jdbc-driver/18.3.0/flight-sql-jdbc-driver-18.3.0.jar";

    private final Driver driver;

    private JdbcDriver(URLClassLoader loader) throws ReflectiveOperationException {
        this.driver = (Driver) Class.forName("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver", true, loader)
                .getConstructor()
                .newInstance();
    }

    static JdbcDriver load() throws Exception {
        String repository = System.getProperty("arrownpz.repository");
        Path jar = (repository == null
                        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
                        : Path.of(repository))
                .resolve(JAR);
        Assumptions.assumeTrue(Files.exists(jar), "the JDBC driver is in the local repository");
        return new JdbcDriver(
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader()));
    }

    Connection connect(NpzFlightServer server, String... properties) throws Exception {
        Properties known = new Properties();
        known.setProperty("useEncryption", "false");
        for (int i = 0; i < properties.length; i += 2) {
            known.setProperty(properties[i], properties[i + 1]);
        }
        return driver.connect("jdbc:arrow-flight-sql://localhost:" + server.port(), known);
    }
}
