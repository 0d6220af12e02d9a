package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What others compile against, as text: every public type outside {@code internal} with all that they can call, override
 * or inline, one line each. A record of it lies beside the tests, so that a change shows in a diff and fails until it is
 * recorded, with {@code -Darrownpz.regenerate=true}.
 */
public final class PublicApi {
    private static final int TYPE_FLAGS = Modifier.PUBLIC | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    private PublicApi() {}

    /** Fails where types differ from what is recorded, and says whether callers break; or writes the record anew. */
    public static void assertRecorded(Collection<JavaClass> classes, Path record) throws IOException {
        List<String> lines = Rooms.publicTypes(classes).stream()
                .flatMap(type -> lines(type.reflect()).stream())
                .toList();
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.write(record, lines);
        }
        assertSame(Files.readAllLines(record), lines);
    }

    static void assertSame(List<String> recorded, List<String> lines) {
        assertThat(difference(recorded, lines))
                .as("gone or changed: what others compiled breaks (docs/releasing.md, \"The API\")")
                .isEmpty();
        assertThat(difference(lines, recorded))
                .as("new: -Darrownpz.regenerate=true records it")
                .isEmpty();
    }

    /** A type's own line, and those of its members, sorted. */
    public static List<String> lines(Class<?> type) {
        List<String> lines = new ArrayList<>();
        lines.add(header(type));
        Set<String> members = new TreeSet<>();
        // What a hidden superclass declares is called through the public one.
        for (Class<?> owner = type; owner != null && (owner == type || hidden(owner)); owner = owner.getSuperclass()) {
            members(owner, type).forEach(members::add);
        }
        members.forEach(member -> lines.add(name(type) + " " + member));
        return lines;
    }

    private static boolean hidden(Class<?> type) {
        String room = type.getPackageName();
        return !Modifier.isPublic(type.getModifiers()) || room.startsWith("org.arrownpz") && room.contains(".internal");
    }

    private static Stream<String> members(Class<?> owner, Class<?> type) {
        Stream<String> fields = Arrays.stream(owner.getDeclaredFields())
                .filter(field -> usable(field, type))
                .map(field -> plain(field.toGenericString(), owner) + value(field));
        Stream<String> constructors = Arrays.stream(owner == type ? owner.getDeclaredConstructors() : new Executable[0])
                .filter(constructor -> usable(constructor, type))
                .map(constructor -> plain(constructor.toGenericString(), owner));
        Stream<String> methods = Arrays.stream(owner.getDeclaredMethods())
                .filter(method -> usable(method, type) && !method.isBridge())
                .filter(method -> !OF_EVERY_OBJECT.contains(method.getName()))
                .map(method -> plain(method.toGenericString(), owner));
        return Stream.of(fields, constructors, methods).flatMap(all -> all);
    }

    private static boolean usable(Member member, Class<?> type) {
        int flags = member.getModifiers();
        boolean inherited = Modifier.isProtected(flags) && !Modifier.isFinal(type.getModifiers());
        return !member.isSynthetic() && (Modifier.isPublic(flags) || inherited);
    }

    private static String header(Class<?> type) {
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        // How an enum's constants are made is its own business.
        int flags = type.getModifiers() & TYPE_FLAGS & ~(kind.equals("class") ? 0 : Modifier.ABSTRACT | Modifier.FINAL);
        boolean sealed = type.isSealed() && !type.isEnum();
        String parameters = Arrays.stream(type.getTypeParameters())
                .map(parameter -> parameter + " extends " + names(parameter.getBounds()))
                .collect(Collectors.joining(", "));
        Type parent = type.getGenericSuperclass();
        StringBuilder header = new StringBuilder(name(type))
                .append(": ")
                .append(Modifier.toString(flags))
                .append(sealed ? " sealed " : " ")
                .append(kind);
        header.append(parameters.isEmpty() ? "" : " <" + parameters + ">");
        header.append(kind.equals("class") && parent != Object.class ? " extends " + names(parent) : "");
        header.append(type.getGenericInterfaces().length == 0 ? "" : " is " + names(type.getGenericInterfaces()));
        if (sealed) {
            // Their order is the compiler's where the source names none.
            Class<?>[] permitted = type.getPermittedSubclasses();
            Arrays.sort(permitted, Comparator.comparing(Class::getName));
            header.append(" permits ").append(names(permitted));
        }
        return header.toString();
    }

    private static String names(Type... types) {
        return Arrays.stream(types)
                .map(Type::getTypeName)
                .map(name -> name.replaceAll("\\bjava\\.lang\\.(?=[A-Z])", ""))
                .collect(Collectors.joining(", "));
    }

    private static String name(Class<?> type) {
        return type.getTypeName();
    }

    private static String plain(String member, Class<?> owner) {
        return member.replaceFirst("\\Q" + owner.getTypeName() + ".\\E", "")
                .replaceAll("\\b(public|synchronized|native|strictfp|transient|volatile) ", "")
                .replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
    }

    /** Compilers put constants into the classes that name them. */
    private static String value(Field field) {
        boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
        if (!constant || !(field.getType().isPrimitive() || field.getType() == String.class)) {
            return "";
        }
        try {
            return " = " + String.valueOf(field.get(null)).replace("\n", "\\n");
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> difference(Collection<String> all, Collection<String> others) {
        Set<String> rest = new LinkedHashSet<>(all);
        rest.removeAll(others);
        return rest;
    }
}
