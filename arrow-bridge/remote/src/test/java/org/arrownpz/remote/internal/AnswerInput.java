package org.arrownpz.remote.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** Heads of two answers as servers may send them, given to what judges them. */
public final class AnswerInput {
    private static final Location PLACE = Location.ofFile("https://host/file.npz");
    private static final URI ASKED = URI.create("https://host/file.npz");
    private static final int TAIL = 1 << 10;

    private AnswerInput() {}

    /** Texts: lines of two heads, which an empty line parts. */
    public static void read(byte[] bytes) {
        String[] heads = new String(bytes, StandardCharsets.ISO_8859_1).split("\n\n", 2);
        Validator validator = new Validator(PLACE);
        try {
            Validator.Head first = head(heads[0]);
            validator.status(first, ASKED);
            ByteBuffer tail = validator.first(first, TAIL);
            if (tail.remaining() != Math.min(TAIL, validator.size()) || validator.size() < 0) {
                throw new AssertionError(tail + " of " + validator.size());
            }
            if (heads.length == 2 && validator.size() > 0) {
                Validator.Head second = head(heads[1]);
                validator.status(second, ASKED);
                validator.check(second, 0, validator.size() - 1);
                if (validator.isStale()) {
                    throw new AssertionError("a changed file is accepted");
                }
            }
        } catch (Validator.Moved e) {
            if (!"https".equalsIgnoreCase(e.to.getScheme()) || e.to.getHost() == null) {
                throw new AssertionError("led to " + e.to, e);
            }
        } catch (Validator.Busy e) {
            if (e.seconds < 0) {
                throw new AssertionError("a wait of " + e.seconds, e);
            }
        } catch (NpzException e) {
            // What a server sent is no part of a message.
            if (e.getMessage().chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("a control character in a message", e);
            }
        } catch (IOException e) {
            throw new AssertionError("an untyped exception", e);
        }
    }

    private static Validator.Head head(String text) {
        String[] lines = text.split("\n", -1);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        String status = lines[0].strip();
        return new Validator.Head(status.matches("[0-9]{3}") ? Integer.parseInt(status) : -1, headers::get);
    }

    /** Answers of honest servers, and some that are near. */
    public static Map<String, byte[]> seeds() {
        String range = "206\nContent-Range: bytes 0-9/10\nContent-Length: 10\nETag: \"a\"\nLast-Modified: Mon\n";
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        int number = 0;
        for (String text : new String[] {
            range + "\n" + range,
            range.replace("ETag: \"a\"\n", "") + "\n" + range,
            range + "\n412\n",
            range + "Content-Encoding: gzip\n",
            "206\nContent-Range: bytes 8976-9999/10000\n\n206\nContent-Range: bytes 0-9999/10000",
            "206\nContent-Range: bytes 999999999999999990-999999999999999999/999999999999999999",
            "416\nContent-Range: bytes */0",
            "416\nContent-Range: bytes */10",
            "301\nLocation: https://other/file.npz",
            "302\nLocation: http://other/file.npz",
            "307\nLocation: //user@other:99/x",
            "308\nLocation: ../up?x=1#y",
            "503\nRetry-After: 3",
            "429\nRetry-After: Mon, 1 Jan",
            "400\nx-amz-bucket-region: eu-central-1",
            "200\nContent-Length: 10",
            "404\n"
        }) {
            seeds.put("answer" + number++, text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return seeds;
    }
}
