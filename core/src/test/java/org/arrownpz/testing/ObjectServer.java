package org.arrownpz.testing;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * S3Proxy over a directory, each of whose directories is a bucket, with a class path of its own. Names itself to the AWS
 * SDK by system properties. One for a JVM, since the SDK's clients remain.
 */
public final class ObjectServer implements AutoCloseable {
    public static final String IDENTITY = "AKIDWHOEVER";
    public static final String CREDENTIAL = "s3cretOfWhoever";
    /** Where S3Proxy and what it needs are, from the folder of a module. */
    private static final List<Path> JARS =
            List.of(Path.of("target/s3proxy"), Path.of("../arrow-bridge/remote/target/s3proxy"));

    public final Path directory;
    public final URI endpoint;
    private final Object proxy;

    /** Serves a directory, with a bucket called {@code bucket}. */
    public ObjectServer(Path directory) throws Exception {
        this.directory = directory;
        Files.createDirectory(directory.resolve("bucket"));
        List<URL> urls = new ArrayList<>();
        for (Path place : JARS) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> jars = Files.list(place)) {
                    for (Path jar : jars.toList()) {
                        urls.add(jar.toUri().toURL());
                    }
                }
            }
        }
        // The SDK's own model of the protocol is the test's.
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (jar.contains("awssdk") || jar.contains("reactive-streams")) {
                urls.add(Path.of(jar).toUri().toURL());
            }
        }
        ClassLoader former = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Class<?> type = loader.loadClass("org.gaul.s3proxy.S3Proxy");
            Object builder = type.getMethod("builder").invoke(null);
            Object store = loader.loadClass("org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore")
                    .getConstructor(String.class)
                    .newInstance(directory.toString());
            Class<?> kinds = loader.loadClass("org.gaul.s3proxy.auth.AuthenticationType");
            set(builder, "blobStore", store);
            set(builder, "endpoint", URI.create("http://127.0.0.1:0"));
            set(builder, "awsAuthentication", kinds.getField("AWS_V4").get(null), IDENTITY, CREDENTIAL);
            proxy = builder.getClass().getMethod("build").invoke(builder);
            type.getMethod("start").invoke(proxy);
            endpoint =
                    URI.create("http://127.0.0.1:" + type.getMethod("getPort").invoke(proxy));
        } finally {
            Thread.currentThread().setContextClassLoader(former);
        }
        System.setProperty("aws.endpointUrlS3", endpoint.toString());
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", IDENTITY);
        System.setProperty("aws.secretAccessKey", CREDENTIAL);
    }

    private static void set(Object builder, String name, Object... values) throws Exception {
        for (Method method : builder.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == values.length) {
                method.invoke(builder, values);
                return;
            }
        }
        throw new NoSuchMethodException(name);
    }

    @Override
    public void close() throws Exception {
        proxy.getClass().getMethod("stop").invoke(proxy);
    }
}
