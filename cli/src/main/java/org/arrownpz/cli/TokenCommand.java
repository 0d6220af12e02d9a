package org.arrownpz.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.flight.ServerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes tokens for a server. */
@Command(
        name = "token",
        description =
                "Makes a random token for 'serve --tokens', and its line for that file, which holds its SHA-256 alone.",
        footer = {
            "",
            "The token is printed once and kept nowhere. --file appends the line; without it the line is printed.",
            "",
            "Examples:",
            "  arrow-npz token new ann --rights \"read:eu/**\" --until 2027-01-31 --file tokens",
            "  arrow-npz token new load --rights write"
        })
final class TokenCommand implements Callable<Integer> {
    private static final int TOKEN_BYTES = 32;

    private final Console console;

    /** The work on tokens. */
    enum Action {
        NEW
    }

    @Parameters(index = "0", paramLabel = "ACTION", description = "new.")
    Action action = Action.NEW;

    @Parameters(index = "1", paramLabel = "NAME", description = "The caller's name: letters, digits and _ . @ - alone.")
    String name = "";

    @Option(
            names = "--rights",
            paramLabel = "RIGHTS",
            defaultValue = "read",
            description =
                    "read or write, of all folders, or of some: read:eu/** (eu with all below it), read:eu/*"
                            + " (eu alone), read:* (the served directory alone); several with commas (default: ${DEFAULT-VALUE}).")
    String rights = "";

    @Option(names = "--until", paramLabel = "DATE", description = "The last day, in UTC, on which it is good.")
    @Nullable
    LocalDate until;

    @Option(names = "--file", paramLabel = "FILE", description = "Append the line to this file of tokens.")
    @Nullable
    Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    TokenCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        String line;
        try {
            line = ServerOptions.Access.tokenLine(name, rights, token, until);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (file == null) {
            console.print("token " + token + "\nline  " + line + "\n");
        } else {
            append(file, line);
            console.print("token " + token + "\n");
        }
        return ExitCodes.OK;
    }

    /** By a rename, so that a server never reads half a file; no other user may read it. */
    private void append(Path tokens, String line) throws IOException {
        boolean exists = Files.exists(tokens, LinkOption.NOFOLLOW_LINKS);
        String before = exists ? Files.readString(tokens) : "";
        if (before.lines().anyMatch(one -> one.startsWith(name + " ") || one.startsWith(name + "\t"))) {
            throw new UsageException(Console.quote(tokens) + " has a token of " + Console.quote(name)
                    + "; take its line out, or choose another name");
        }
        String between = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
        Path folder = tokens.toAbsolutePath().getParent();
        Path made = Files.createTempFile(folder, ".tokens", ".arrownpz-tmp");
        try {
            Files.writeString(made, before + between + line + "\n");
            Files.move(made, tokens, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }
}
