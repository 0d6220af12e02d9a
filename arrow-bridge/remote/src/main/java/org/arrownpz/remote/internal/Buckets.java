package org.arrownpz.remote.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Objects of buckets, by the AWS SDK, with its own chains of credentials, regions and endpoints: it signs what is read,
 * which is fetched as any URL is, and it uploads. Safe for use by several threads.
 */
final class Buckets {
    /** Longer files are sent in parts of at least so much. */
    private static final long PART = 16L << 20;

    private static final int MOST_PARTS = 10_000;
    /** Signed anew for each request: long enough for one, with its wait for a connection. */
    private static final Duration VALID = Duration.ofMinutes(15);

    private static @Nullable Buckets known;

    private final S3Client client;
    private final S3Presigner signer;

    private Buckets() {
        S3ClientBuilder builder = S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder());
        S3Client own = builder.build();
        boolean elsewhere = own.serviceClientConfiguration().endpointOverride().isPresent();
        // Few servers beside Amazon's have a host name for each bucket.
        client = elsewhere ? builder.forcePathStyle(true).build() : own;
        signer = S3Presigner.builder()
                .s3Client(client)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(elsewhere)
                        .build())
                .build();
    }

    private interface Call<T> {
        T of(Buckets buckets) throws IOException;
    }

    /** The URL of an object for whoever may read it: a secret. */
    static URI sign(URI object, Location location) throws NpzException {
        return call(
                location,
                buckets -> URI.create(buckets.signer
                        .presignGetObject(sign -> sign.signatureDuration(VALID)
                                .getObjectRequest(
                                        get -> get.bucket(bucket(object)).key(key(object))))
                        .url()
                        .toString()));
    }

    /** Replaces an object by a local file, at once or not at all. */
    static void put(Path file, URI object, Location location) throws NpzException {
        call(location, buckets -> {
            long size = Files.size(file);
            if (size > PART) {
                buckets.parts(file, size, bucket(object), key(object));
            } else {
                buckets.client.putObject(put -> put.bucket(bucket(object)).key(key(object)), file);
            }
            return object;
        });
    }

    private void parts(Path file, long size, String bucket, String key) {
        String upload = client.createMultipartUpload(
                        create -> create.bucket(bucket).key(key))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            long step = Math.max(PART, (size + MOST_PARTS - 1) / MOST_PARTS);
            for (long at = 0; at < size; at += step) {
                int number = parts.size() + 1;
                String tag = client.uploadPart(
                                part -> part.bucket(bucket)
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                body(file, at, Math.min(step, size - at)))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
            client.completeMultipartUpload(complete ->
                    complete.bucket(bucket).key(key).uploadId(upload).multipartUpload(made -> made.parts(parts)));
        } catch (RuntimeException | Error e) {
            try {
                client.abortMultipartUpload(
                        abort -> abort.bucket(bucket).key(key).uploadId(upload));
            } catch (SdkException unheard) {
                e.addSuppressed(unheard);
            }
            throw e;
        }
    }

    /** A part of the file, opened anew for each try. */
    private static RequestBody body(Path file, long offset, long length) {
        ContentStreamProvider content = () -> {
            try {
                FileChannel channel = FileChannel.open(file).position(offset);
                return new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        return RequestBody.fromContentProvider(content, length, "application/octet-stream");
    }

    private static <T> T call(Location location, Call<T> call) throws NpzException {
        try {
            return call.of(get());
        } catch (S3Exception e) {
            throw Validator.refused(location, e.statusCode());
        } catch (SdkException e) {
            throw location.error(ErrorCode.IO, "the AWS SDK has no region or no credentials, or reaches no server")
                    .remedy("Set AWS_REGION and AWS_ACCESS_KEY_ID, or AWS_PROFILE; for another server than Amazon's "
                            + "AWS_ENDPOINT_URL_S3")
                    .cause(e)
                    .build();
        } catch (IOException | UncheckedIOException e) {
            throw location.error(ErrorCode.IO, "the file to be uploaded cannot be read")
                    .cause(e)
                    .build();
        }
    }

    private static synchronized Buckets get() {
        if (known == null) {
            known = new Buckets();
        }
        return known;
    }

    private static String bucket(URI object) {
        return object.getAuthority();
    }

    private static String key(URI object) {
        return object.getPath().substring(1);
    }
}
