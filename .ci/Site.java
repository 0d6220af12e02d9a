import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes the site: README, the pages that mkdocs.yml lists, and all that they lead to. Pages become HTML, other files are
 * copied, and directories get a list. It fails when a link of a page leads nowhere. Arguments: the project and the site's
 * directory, which may hold the Javadoc already.
 */
class Site {
    private static final Pattern EXTERNAL = Pattern.compile("[a-z]+:.*");
    private static final Pattern ANCHOR = Pattern.compile("(?:id|name)=\"([^\"]+)\"");
    private static final Pattern NAVIGATION = Pattern.compile("(?m)^ +- ([^:\n]+): (\\S+\\.md)$");
    private static final String STYLE = """
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 0 auto; padding: 1rem }
            nav a { margin-right: .8rem; white-space: nowrap }
            pre { overflow-x: auto; padding: .6rem; background: light-dark(#f4f4f4, #222) }
            code { font-size: .9em } img { max-width: 100% }
            table { border-collapse: collapse; display: block; overflow-x: auto }
            td, th { border: 1px solid #8886; padding: .2rem .5rem; text-align: left; vertical-align: top }
            """;

    private final Path root;
    private final Path site;
    private final Parser parser =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private final Map<String, String> navigation = new LinkedHashMap<>();
    private final Deque<Path> waiting = new ArrayDeque<>();
    private final Set<Path> known = new TreeSet<>();
    /** Pages, and the anchors that others may name. */
    private final Map<Path, Set<String>> anchors = new TreeMap<>();
    /** Page, link, target and anchor, looked up when all pages are there. */
    private final List<String[]> named = new ArrayList<>();

    private final Set<String> broken = new TreeSet<>();

    private Site(Path root, Path site) {
        this.root = root;
        this.site = site;
    }

    public static void main(String[] args) throws IOException {
        new Site(Path.of(args[0]).toAbsolutePath().normalize(), Path.of(args[1]).toAbsolutePath().normalize()).make();
    }

    private void make() throws IOException {
        navigation.put("README", "README.md");
        navigation.put("Python", "python/README.md");
        Matcher entry = NAVIGATION.matcher(Files.readString(root.resolve("mkdocs.yml")));
        while (entry.find()) {
            navigation.put(entry.group(1), "docs/" + entry.group(2));
        }
        for (String page : navigation.values()) {
            reach(root.resolve(page));
        }
        reach(root.resolve("LICENSE"));
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            if (file.toString().endsWith(".md")) {
                page(file);
            } else if (Files.isDirectory(file)) {
                directory(file);
            } else {
                write(file, Files.readAllBytes(file));
            }
        }
        for (String[] link : named) {
            if (!anchors.get(Path.of(link[2])).contains(link[3])) {
                broken.add(link[0] + " -> " + link[1]);
            }
        }
        if (!broken.isEmpty()) {
            throw new IOException("These links lead nowhere:\n" + String.join("\n", broken));
        }
        System.out.println(anchors.size() + " pages and " + (known.size() - anchors.size()) + " other files in " + site);
    }

    private void reach(Path file) {
        if (known.add(file)) {
            waiting.add(file);
        }
    }

    private void page(Path file) throws IOException {
        Node document = parser.parse(Files.readString(file));
        Map<Node, String> slugs = new HashMap<>();
        List<String> titles = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            private final Map<String, Integer> times = new HashMap<>();

            @Override
            public void visit(Heading heading) {
                String text = text(heading);
                titles.add(text);
                String slug = text.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-');
                int before = times.merge(slug, 1, Integer::sum) - 1;
                slugs.put(heading, before == 0 ? slug : slug + "-" + before);
                visitChildren(heading);
            }

            @Override
            public void visit(Link link) {
                link.setDestination(target(file, link.getDestination()));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                image.setDestination(target(file, image.getDestination()));
            }
        });
        String body = HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (slugs.containsKey(node)) {
                        attributes.put("id", slugs.get(node));
                    }
                })
                .build()
                .render(document);
        Set<String> found = new TreeSet<>();
        ANCHOR.matcher(body).results().forEach(result -> found.add(result.group(1)));
        anchors.put(file, found);
        write(html(file), html(file, titles.isEmpty() ? "arrow-npz" : titles.get(0), body).getBytes("UTF-8"));
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }

    /** Where a page's link leads in the site. */
    private String target(Path page, String link) {
        if (EXTERNAL.matcher(link).matches()) {
            return link;
        }
        int mark = link.indexOf('#');
        String name = mark < 0 ? link : link.substring(0, mark);
        String anchor = mark < 0 ? "" : link.substring(mark);
        Path file = name.isEmpty() ? page : page.resolveSibling(name).normalize();
        if (!file.startsWith(root) || !Files.exists(file)) {
            broken.add(root.relativize(page) + " -> " + link);
            return link;
        }
        reach(file);
        if (!anchor.isEmpty() && file.toString().endsWith(".md")) {
            named.add(new String[] {root.relativize(page).toString(), link, file.toString(), anchor.substring(1)});
        }
        return relative(page, Files.isDirectory(file) ? file.resolve("index.html") : html(file)) + anchor;
    }

    private void directory(Path directory) throws IOException {
        StringBuilder list = new StringBuilder("<h1>" + root.relativize(directory) + "</h1>\n<ul>\n");
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("target") && !name.startsWith(".")) {
                    reach(file);
                    Path shown = Files.isDirectory(file) ? file.resolve("index.html") : html(file);
                    list.append("<li><a href=\"%s\">%s</a></li>\n"
                            .formatted(relative(directory.resolve("index.html"), shown), name));
                }
            }
        }
        Path index = directory.resolve("index.html");
        write(index, html(index, directory.getFileName().toString(), list + "</ul>\n").getBytes("UTF-8"));
    }

    private String html(Path from, String title, String body) {
        StringBuilder links = new StringBuilder();
        navigation.forEach((name, page) ->
                links.append("<a href=\"%s\">%s</a>\n".formatted(relative(from, html(root.resolve(page))), name)));
        if (Files.exists(site.resolve("apidocs"))) {
            links.append("<a href=\"%s\">API</a>\n".formatted(relative(from, root.resolve("apidocs/index.html"))));
        }
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title><style>
                %s</style></head><body><nav>
                %s</nav><main>
                %s</main></body></html>
                """.formatted(title, STYLE, links, body);
    }

    /** Of README the start page, of other pages the same name. */
    private Path html(Path file) {
        if (file.equals(root.resolve("README.md"))) {
            return root.resolve("index.html");
        }
        String name = file.getFileName().toString();
        return name.endsWith(".md") ? file.resolveSibling(name.substring(0, name.length() - 3) + ".html") : file;
    }

    private static String relative(Path from, Path to) {
        return from.getParent().relativize(to).toString().replace('\\', '/');
    }

    private void write(Path file, byte[] content) throws IOException {
        Path target = site.resolve(root.relativize(file));
        Files.createDirectories(target.getParent());
        Files.write(target, content);
    }
}
