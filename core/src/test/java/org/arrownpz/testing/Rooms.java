package org.arrownpz.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What holds for the packages of every module: a room has one job, few files and a place in one flow. */
public final class Rooms {
    private static final int FILES = 25;
    private static final int CIRCLE = 5;

    private Rooms() {}

    /** No package knows, over others, one that knows it. The root package counts as one. */
    public static ArchCondition<JavaClass> haveNoPackageCircles() {
        return whole("have no package circles", (classes, events) -> {
            Map<String, Set<String>> graph = graph(classes, JavaClass::getPackageName);
            for (List<String> circle : circles(graph)) {
                if (circle.size() > 1) {
                    events.add(violation(circle, "packages know each other: " + circle));
                }
            }
        });
    }

    /** Classes that know each other can only be understood together: at most five, nested classes with their outer one. */
    public static ArchCondition<JavaClass> haveSmallClassCircles() {
        return whole("have circles of at most " + CIRCLE + " classes", (classes, events) -> {
            Map<String, Set<String>> graph = graph(classes, type -> outer(type).getFullName());
            for (List<String> circle : circles(graph)) {
                if (circle.size() > CIRCLE) {
                    events.add(violation(circle, circle.size() + " classes know each other: " + circle));
                }
            }
        });
    }

    /** A package has at most 25 files. */
    public static ArchCondition<JavaClass> liveInSmallPackages() {
        return whole("live in packages of at most " + FILES + " files", (classes, events) -> {
            Map<String, Set<String>> files = new TreeMap<>();
            for (JavaClass type : classes) {
                files.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>())
                        .add(outer(type).getSimpleName());
            }
            files.forEach((name, names) -> {
                if (names.size() > FILES) {
                    events.add(violation(name, name + " has " + names.size() + " files"));
                }
            });
        });
    }

    /** Packages know only those that stand before them in the list, on which each of them is. */
    public static ArchCondition<JavaClass> flowDown(List<String> packages) {
        return new ArchCondition<>("know only packages before their own in the list") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                int own = packages.indexOf(type.getPackageName());
                if (own < 0) {
                    events.add(violation(type, type.getPackageName() + " is not on the list"));
                }
                type.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String other = dependency.getTargetClass().getPackageName();
                    if (packages.indexOf(other) > own) {
                        events.add(violation(type, dependency.getDescription()));
                    }
                });
            }
        };
    }

    /** The public types outside {@code internal} and {@code support}, sorted: what users can rely on. */
    static List<JavaClass> publicTypes(Collection<JavaClass> classes) {
        return classes.stream()
                .filter(type -> isPublic(type) && !type.getPackageName().matches(".*\\.(internal|support)(\\..*)?"))
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .sorted(Comparator.comparing(JavaClass::getName))
                .toList();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(Rooms::isPublic).orElse(true);
    }

    private static Map<String, Set<String>> graph(Collection<JavaClass> classes, Function<JavaClass, String> node) {
        Set<String> known = classes.stream().map(node).collect(Collectors.toSet());
        Map<String, Set<String>> graph = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> targets = graph.computeIfAbsent(node.apply(type), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().forEach(dependency -> {
                JavaClass other = dependency.getTargetClass().getBaseComponentType();
                String target = node.apply(other);
                // A sealed type names its subclasses.
                if (known.contains(target) && !other.getRawSuperclass().equals(Optional.of(outer(type)))) {
                    targets.add(target);
                }
            });
        }
        return graph;
    }

    private static JavaClass outer(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    /** Tarjan's strongly connected components. */
    private static List<List<String>> circles(Map<String, Set<String>> graph) {
        Search search = new Search(graph);
        graph.keySet().forEach(search::visit);
        search.found.sort(Comparator.comparing(circle -> circle.get(0)));
        return search.found;
    }

    private static final class Search {
        private final Map<String, Set<String>> graph;
        private final Map<String, Integer> number = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> path = new ArrayDeque<>();
        private final List<List<String>> found = new ArrayList<>();

        Search(Map<String, Set<String>> graph) {
            this.graph = graph;
        }

        void visit(String node) {
            if (number.containsKey(node)) {
                return;
            }
            number.put(node, number.size());
            lowest.put(node, number.get(node));
            path.push(node);
            for (String next : graph.getOrDefault(node, Set.of())) {
                visit(next);
                if (path.contains(next)) {
                    lowest.merge(node, lowest.get(next), Math::min);
                }
            }
            if (lowest.get(node).equals(number.get(node))) {
                List<String> circle = new ArrayList<>();
                String last;
                do {
                    last = path.pop();
                    circle.add(last);
                } while (!last.equals(node));
                circle.sort(Comparator.naturalOrder());
                found.add(circle);
            }
        }
    }

    /** Judges all classes at once. */
    private interface Judge {
        void check(Collection<JavaClass> classes, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> whole(String text, Judge judge) {
        return new ArchCondition<>(text) {
            private Collection<JavaClass> classes = List.of();

            @Override
            public void init(Collection<JavaClass> all) {
                classes = all;
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                // Judged together, in finish.
            }

            @Override
            public void finish(ConditionEvents events) {
                judge.check(classes, events);
            }
        };
    }

    private static ConditionEvent violation(Object where, String message) {
        return SimpleConditionEvent.violated(where, message);
    }
}
