import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * What Maven Central asks of artifacts (https://central.sonatype.org/publish/requirements/), and what this project asks
 * besides: {@code java CentralRules.java REPOSITORY}. Prints a line for each artifact, and fails with what is missing.
 */
public final class CentralRules {
    private static final List<String> CHECKSUMS = List.of("MD5", "SHA-1");

    private final List<String> lacks = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        CentralRules rules = new CentralRules();
        List<Path> poms;
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            poms = files.filter(file -> file.toString().endsWith(".pom")).sorted().toList();
        }
        System.out.printf(Locale.ROOT, "%-24s %10s %10s %10s %10s%n", "artifact", "jar", "sources", "javadoc", "files");
        for (Path pom : poms) {
            rules.check(pom);
        }
        if (poms.isEmpty()) {
            rules.lacks.add("there is no artifact in " + arguments[0]);
        }
        if (!rules.lacks.isEmpty()) {
            rules.lacks.forEach(lack -> System.err.println("lacks: " + lack));
            System.exit(1);
        }
        System.out.printf(Locale.ROOT, "All %d have coordinates, name, description, url, licence, developers, scm, sources, "
                + "Javadoc, SBOM, signatures and checksums%n", poms.size());
    }

    private void check(Path pom) throws Exception {
        String stem = pom.getFileName().toString().replaceAll("\\.pom$", "");
        Path folder = pom.getParent();
        Element project = parse(pom).getDocumentElement();
        for (String path : List.of("groupId", "artifactId", "version", "name", "description", "url", "licenses/license/name",
                "licenses/license/url", "developers/developer/name", "scm/connection", "scm/url")) {
            need(!text(project, path).isEmpty(), stem + ".pom: " + path);
        }
        need(stem.equals(text(project, "artifactId") + "-" + text(project, "version")), stem + ".pom: its own coordinates");
        need(!text(project, "version").endsWith("-SNAPSHOT"), stem + ".pom: a version that is no SNAPSHOT");
        need(!Files.readString(pom).contains("${"), stem + ".pom: values in the place of ${…}");
        for (String unwanted : List.of("parent", "repositories", "pluginRepositories", "build", "profiles")) {
            need(child(project, unwanted) == null, stem + ".pom: a pom without <" + unwanted + ">");
        }
        NodeList dependencies = project.getElementsByTagName("dependency");
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            String version = text(dependency, "version");
            need(!version.isEmpty() && !version.endsWith("-SNAPSHOT"),
                    stem + ".pom: a released version of " + text(dependency, "artifactId"));
            need(!text(dependency, "scope").equals("test"), stem + ".pom: a pom without " + text(dependency, "artifactId"));
        }

        String packaging = text(project, "packaging");
        boolean plain = packaging.equals("pom");
        if (!plain) {
            for (String suffix : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")) {
                need(Files.isRegularFile(folder.resolve(stem + suffix)), stem + suffix);
            }
            for (String suffix : List.of(".jar", "-sources.jar")) {
                try (ZipFile jar = new ZipFile(folder.resolve(stem + suffix).toFile())) {
                    need(jar.getEntry("META-INF/LICENSE") != null, stem + suffix + ": META-INF/LICENSE");
                }
            }
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !file.toString().matches(".*\\.(asc|md5|sha1|sha256|sha512)$")).sorted().toList();
        }
        for (Path file : files) {
            need(Files.isRegularFile(Path.of(file + ".asc")), file.getFileName() + ".asc");
            for (String algorithm : CHECKSUMS) {
                Path sum = Path.of(file + "." + algorithm.replace("-", "").toLowerCase(Locale.ROOT));
                need(Files.isRegularFile(sum) && Files.readString(sum).startsWith(digest(file, algorithm)), sum.getFileName() + ": the file's checksum");
            }
        }
        System.out.printf(Locale.ROOT, "%-24s %10s %10s %10s %10d%n", text(project, "artifactId"),
                plain ? "-" : size(folder.resolve(stem + ".jar")), plain ? "-" : size(folder.resolve(stem + "-sources.jar")),
                plain ? "-" : size(folder.resolve(stem + "-javadoc.jar")), files.size());
    }

    private void need(boolean holds, String what) {
        if (!holds) {
            lacks.add(what);
        }
    }

    private static Document parse(Path pom) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(pom.toFile());
    }

    private static String text(Element element, String path) {
        Element found = element;
        for (String name : path.split("/")) {
            found = found == null ? null : child(found, name);
        }
        return found == null ? "" : found.getTextContent().strip();
    }

    private static Element child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }

    private static String size(Path file) {
        try {
            return String.format(Locale.ROOT, "%.1f kB", Files.size(file) / 1000.0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(Path file, String algorithm) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
    }
}
