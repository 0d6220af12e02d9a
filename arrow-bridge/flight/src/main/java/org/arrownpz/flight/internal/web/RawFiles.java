package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContent;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ResourceService;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Files as they are, whole or in ranges. */
final class RawFiles extends ResourceService {
    RawFiles() {
        setEtags(true);
        setAcceptRanges(true);
    }

    @Override
    protected void writeHttpError(
            Request request, Response response, Callback callback, int status, String message, Throwable cause) {
        if (status == HttpStatus.NOT_MODIFIED_304) {
            response.setStatus(status);
            response.write(true, null, callback);
        } else {
            Problems.write(response, callback, new Problems.Refusal(status, null, -1));
        }
    }

    void send(Exchange exchange, Path file) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        HttpField tag = new HttpField(
                HttpHeader.ETAG,
                "\"" + Long.toHexString(facts.size()) + "."
                        + Long.toHexString(facts.lastModifiedTime().to(TimeUnit.NANOSECONDS)) + "."
                        + Integer.toHexString(String.valueOf(facts.fileKey()).hashCode()) + "\"");
        HttpContent content =
                new ResourceHttpContent(ResourceFactory.root().newResource(file), "application/octet-stream");
        Callback.Completable sent = new Callback.Completable();
        doGet(request(exchange.request(), tag), exchange.response(), sent, new HttpContent.Wrapper(content) {
            @Override
            public HttpField getETag() {
                return tag;
            }
        });
        try {
            sent.join();
        } catch (CompletionException e) {
            throw new IOException("the file is not sent", e.getCause());
        }
    }

    /** The request, without the ranges of a file that is not this one any more. */
    private static Request request(Request request, HttpField tag) {
        String known = request.getHeaders().get(HttpHeader.IF_RANGE);
        if (known == null || known.equals(tag.getValue())) {
            return request;
        }
        HttpFields whole = HttpFields.build(request.getHeaders()).remove(HttpHeader.RANGE);
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return whole;
            }
        };
    }
}
