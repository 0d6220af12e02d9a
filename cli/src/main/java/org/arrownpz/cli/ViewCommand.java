package org.arrownpz.cli;

import static org.arrownpz.cli.console.Console.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.ServerLogs;
import org.arrownpz.cli.console.StopSignal;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.verb.Verb;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows files in a browser. */
@Command(
        name = "view",
        description = "Shows a file, or the files of a directory, in a browser until it is stopped (Ctrl+C, SIGTERM):"
                + " tables, schemas, charts, arrays, SQL.",
        footer = {
            "",
            "Prints the address on standard output. Only this machine reaches it, and it is good for one browser.",
            "",
            "Examples:",
            "  arrow-npz view prices.npz",
            "  arrow-npz view data --no-browser"
        })
final class ViewCommand extends Verb {
    private static final int TOKEN_BYTES = 32;
    private static final long SQL_MEMORY = 1L << 30;

    @Parameters(paramLabel = "PATH", description = "A file, which is shown alone, or a directory.")
    Path path = Path.of("");

    @Option(names = "--no-browser", description = "Only print the address.")
    boolean noBrowser;

    ViewCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if (!Files.exists(path)) {
            throw new UsageException("there is no file " + quote(path));
        }
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        ServerOptions options = ServerOptions.defaults()
                .withToken(secret)
                .withHttp(0)
                .withSql(SQL_MEMORY)
                .readOnly();
        StopSignal stop = StopSignal.install();
        try (ServerLogs logs = ServerLogs.tell(console, debug, ServerLogs.Format.TEXT);
                BufferAllocator allocator = allocator();
                NpzFlightServer server = NpzFlightServer.start(allocator, path, options)) {
            // A browser keeps what follows the # to itself.
            String address = server.browserUri();
            console.print(address + "\n");
            console.out().flush();
            if (!noBrowser) {
                open(address);
            }
            stop.await();
        }
        return ExitCodes.OK;
    }

    private void open(String address) {
        String system = System.getProperty("os.name");
        List<String> command = system.startsWith("Windows")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", address)
                : List.of(system.startsWith("Mac") ? "open" : "xdg-open", address);
        try {
            new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            console.say("no browser is found here: open the address in one");
        }
    }
}
