package org.arrownpz.cli.console;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Flags of a command in a file: Java properties in UTF-8, the long names of the flags without their dashes. */
public final class ConfigFile {
    private static final long MAX_BYTES = 1 << 20;
    private static final Set<String> NOT_IN_FILES = Set.of("config", "help");

    private ConfigFile() {}

    /**
     * Sets the flags that the file has and the command line has not. Flags without a value are {@code true} or
     * {@code false} there.
     *
     * @param command as the command line was parsed
     * @param fresh the same command, not parsed yet, with the same arguments that are no flags
     * @throws UsageException when there is no such file, a key is no flag or comes twice, or a value is none of its flag
     */
    public static void apply(Path file, CommandSpec command, CommandLine fresh, String... arguments)
            throws IOException {
        String name = Console.quote(file) + ": ";
        Properties values = read(file, name);
        List<String> flags = new ArrayList<>(List.of(arguments));
        List<OptionSpec> found = new ArrayList<>();
        for (String key : new TreeSet<>(values.stringPropertyNames())) {
            OptionSpec option = NOT_IN_FILES.contains(key) ? null : command.findOption("--" + key);
            if (option == null) {
                throw new UsageException(name + "there is no flag " + Console.quote(key));
            }
            found.add(option);
            String value = values.getProperty(key).strip();
            if (option.arity().max() > 0) {
                flags.add("--" + key + "=" + value);
            } else if (value.equals("true")) {
                flags.add("--" + key);
            } else if (!value.equals("false")) {
                throw new UsageException(name + key + " is true or false, not " + Console.quote(value));
            }
        }
        try {
            fresh.setCaseInsensitiveEnumValuesAllowed(true).parseArgs(flags.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new UsageException(name + e.getMessage());
        }
        for (OptionSpec option : found) {
            if (!command.commandLine().getParseResult().hasMatchedOption(option)) {
                option.setValue(
                        fresh.getCommandSpec().findOption(option.longestName()).getValue());
            }
        }
    }

    private static Properties read(Path file, String name) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            throw new UsageException(name + "there is no such file of at most " + MAX_BYTES + " bytes");
        }
        Set<Object> twice = new TreeSet<>();
        Properties values = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Object put(Object key, Object value) {
                Object earlier = super.put(key, value);
                if (earlier != null) {
                    twice.add(key);
                }
                return earlier;
            }
        };
        try (Reader reader = Files.newBufferedReader(file)) {
            values.load(reader);
        } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
            throw new UsageException(name + "it is no file of Java properties in UTF-8");
        }
        if (!twice.isEmpty()) {
            throw new UsageException(name + Console.quote(twice.iterator().next()) + " comes twice");
        }
        return values;
    }
}
