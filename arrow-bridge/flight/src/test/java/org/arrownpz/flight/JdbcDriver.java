package org.arrownpz.flight;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.util.Properties;

/** Arrow's JDBC driver, in a class loader of its own, for it carries a Netty and an Arrow of its own, whose threads outlive connections. */
final class JdbcDriver {
    /** The build puts it there. */
    private static final Path JAR = Path.of("target", "jdbc", "flight-sql-jdbc-driver.jar");

    private final Driver driver;

    private JdbcDriver(ClassLoader loader) throws ReflectiveOperationException {
        this.driver = (Driver) Class.forName("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver", true, loader)
                .getConstructor()
                .newInstance();
    }

    Driver driver() {
        return driver;
    }

    static JdbcDriver load() throws Exception {
        return new JdbcDriver(loader());
    }

    /** Where the driver is known, and the only one. */
    static ClassLoader loader() throws Exception {
        return new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
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
