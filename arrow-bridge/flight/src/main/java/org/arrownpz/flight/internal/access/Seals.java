package org.arrownpz.flight.internal.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs what clients carry and bring back: HMAC-SHA256 over a purpose, the caller it was made for, the time of its end and
 * its bytes. Immutable and safe for use by several threads.
 */
public final class Seals {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MAX_KEY_BYTES = 4096;
    private static final int MAC_BYTES = 32;
    private static final int HEAD_BYTES = Long.BYTES + MAC_BYTES;

    private final SecretKeySpec key;

    private Seals(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * Signs with the bytes of a file, or with a key that nobody else has.
     *
     * @throws IOException when the file cannot be read, or has not 32 to 4096 bytes
     */
    public static Seals of(@Nullable Path file) throws IOException {
        if (file == null) {
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            return new Seals(random);
        }
        long size = Files.size(file);
        if (size < KEY_BYTES || size > MAX_KEY_BYTES) {
            throw new IOException("the key for tickets has not " + KEY_BYTES + " to " + MAX_KEY_BYTES + " bytes");
        }
        return new Seals(Files.readAllBytes(file));
    }

    /**
     * Signs bytes.
     *
     * @param purpose what they are; those of another purpose are not accepted in their place
     * @param caller for whom
     * @param life for how long
     */
    public byte[] seal(String purpose, String caller, byte[] bytes, Duration life) {
        long end = System.currentTimeMillis() + life.toMillis();
        return ByteBuffer.allocate(HEAD_BYTES + bytes.length)
                .putLong(end)
                .put(mac(purpose, caller, end, bytes))
                .put(bytes)
                .array();
    }

    /**
     * The bytes that were signed.
     *
     * @throws IllegalArgumentException when they are not what was signed for the caller, or their time is over
     */
    public byte[] open(String purpose, String caller, byte[] sealed) {
        if (sealed.length < HEAD_BYTES) {
            throw new IllegalArgumentException("the " + purpose + " is none of this server");
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed);
        long end = parts.getLong();
        byte[] found = new byte[MAC_BYTES];
        parts.get(found);
        byte[] bytes = Arrays.copyOfRange(sealed, HEAD_BYTES, sealed.length);
        if (!MessageDigest.isEqual(found, mac(purpose, caller, end, bytes))) {
            throw new IllegalArgumentException("the " + purpose + " is none of this server for this caller");
        }
        if (System.currentTimeMillis() > end) {
            throw new IllegalArgumentException("the " + purpose + "'s time is over: ask again");
        }
        return bytes;
    }

    private byte[] mac(String purpose, String caller, long end, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (String text : new String[] {purpose, caller}) {
                byte[] part = text.getBytes(StandardCharsets.UTF_8);
                // With their lengths, so that no two of them give the same bytes together.
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
                mac.update(part);
            }
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, end));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
