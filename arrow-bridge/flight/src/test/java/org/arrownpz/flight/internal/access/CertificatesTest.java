package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerLogLines;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** B12: a key that is not the certificate's. Keys and certificates were made for this test alone. */
@DisplayName("B12: a certificate and a key")
@ExtendWith(LeakCheck.class)
class CertificatesTest {
    private static final String CURVE = """
-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUN9RMuUFvurZbudP3V5az+YMYybowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIyMTQwOFoYDzIxMjYxMDMx
MjIxNDA4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQOIaBpjj+8RWLeBGRgBh3Tri90Wf785wcbdbstLEa/+rF4LsoQLR97
mSzrHzzxP1TP25k2VZozW1xh53bxn0bio1MwUTAdBgNVHQ4EFgQUezWyLt7QEC0l
+IVnsffNC+dcKRswHwYDVR0jBBgwFoAUezWyLt7QEC0l+IVnsffNC+dcKRswDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAz4FwG8q2QKfMwxtLdYYY
pdF9Of+Hx2Bq8BI74HhpWakCIAgd2iwHvDTqfJAMejUPu4qEjGssflcQhUhtx2MD
x+ly
-----END CERTIFICATE-----
""";
    private static final String CURVE_KEY = """
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEfYWrH1N4QGyzC+3
ySCMmc1Few7vU8CzywgOPIfJ6UahRANCAAQOIaBpjj+8RWLeBGRgBh3Tri90Wf78
5wcbdbstLEa/+rF4LsoQLR97mSzrHzzxP1TP25k2VZozW1xh53bxn0bi
-----END PRIVATE KEY-----
""";
    private static final String OTHER_CURVE_KEY = """
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgC8u/t771sBk0I50R
9gTK3kCfx8SjvDkxQ/4wE2Q+C9GhRANCAATi4q9t6EH8YdLMAckxxpaN+T0aeczN
SdUAkkRD83CqpSKSNUFgspz9DwglEMR2ezTE4G8LXtZILTHqLAluuAek
-----END PRIVATE KEY-----
""";
    private static final String RSA = """
-----BEGIN CERTIFICATE-----
MIIDCzCCAfOgAwIBAgIUBsAbkMTJ1p1E+mHheSJzSMQYHjQwDQYJKoZIhvcNAQEL
BQAwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIyMTQwOVoYDzIxMjYx
MDMxMjIxNDA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQCKzy7u+T5NGJDzbkSPQjLIvp9+3t2e5uXwPSTxqkIe
9tBTW4/+6wWBLKC2qqJnPX8Cf01/E6LHQQpnIQokvQwKLAMcdxlspbysxejVIu8E
siQzP8gBX8lv3SLtBiiWPhTdSTSJGpUCoxOE0F3d9W8CbVYOmHqiIvC6ITFl2qVY
cXfYE6UZ7lpzoisOm4G+6CnogF9BMpcYTY475inMRLxEt4BBCzk5ESP6RgTB+aYH
XSsZMPTQ3aHfo84yresm4cMuH/sufLZt0QtwWeNgaL92tES2vg9mJ7Pe0nablZsC
BsbSS74FaGTzxs9DSycN2fRas0oBTGZJGCLknvZSETmNAgMBAAGjUzBRMB0GA1Ud
DgQWBBQ2IkapIXPI2IjD9SYUaZQbKguZCjAfBgNVHSMEGDAWgBQ2IkapIXPI2IjD
9SYUaZQbKguZCjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAp
Ybl+fLVnAjZlmpewALVe7aTevYkmLWlaaG9bfuElv7SQpu8lbRMsqISebePODwfZ
JqdJyJE85DWL8s4i3gitvX8Rw3kJPR3EKuTNGQqElxyGoHKtnfPojazv6FDLRE97
u6w/P7ddxM/NZxoDWnTEKUVDmXRSK2k4MaYiZp44Pw5IReBO7lSYcUKjjjNURE7S
N/Uw8OgBkEJcT5T6HOoQI6Nr4JB0PY5LACw22uigqaIO2Pb5KQ0xMLV6x87PjCYK
2Rf/cEAMjXhv0pq3HocyXJv9vaFC8lR+Iq5RaWnxmjQImD/XMrxePXdb+QrSaLeP
Ce9syHFi6pVPjAyY3cmH
-----END CERTIFICATE-----
""";
    private static final String RSA_KEY = """
-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCKzy7u+T5NGJDz
bkSPQjLIvp9+3t2e5uXwPSTxqkIe9tBTW4/+6wWBLKC2qqJnPX8Cf01/E6LHQQpn
IQokvQwKLAMcdxlspbysxejVIu8EsiQzP8gBX8lv3SLtBiiWPhTdSTSJGpUCoxOE
0F3d9W8CbVYOmHqiIvC6ITFl2qVYcXfYE6UZ7lpzoisOm4G+6CnogF9BMpcYTY47
5inMRLxEt4BBCzk5ESP6RgTB+aYHXSsZMPTQ3aHfo84yresm4cMuH/sufLZt0Qtw
WeNgaL92tES2vg9mJ7Pe0nablZsCBsbSS74FaGTzxs9DSycN2fRas0oBTGZJGCLk
nvZSETmNAgMBAAECggEAFeYaQi7Vrp2Lzq/MhqpbrzJtoLshzR4h1A0dbTfeXxqy
opf9J2smDus+vpq8bNu1lCwHyp7LLTK8ZKlAe6vMgLVRV1YNz4d1NO+zLB7rBPti
vSgYkmjtc2W4ixrP3+YS7hdMv72PGR+npmomCOyd0wzzSPGy1S38euzeKXK9Z66h
iiJrW5xdpX08npvsvCW1vPP9r72i8uOSxGNMXBl+0qGIaH8evUYWKN7gSTeSxG1U
emAjz1G2h2TgWmA++nXbqYQJTnnzKLBaRQKl2DmTnHdmeXu28d56v1Bn7Cqil57h
HdbCc1J701bRYPK1x9WePuJmnle9XfbtB0HfnfcbAQKBgQDA1X4x39c59z7m/LTg
QCJJfevK8ehKHm9Ypc2kh/gA8RJzCaNBc3ZRC50vDdTDgTBUe5+69kHuexQJGFS/
uHjB6Nd1otMbTLrtTcqGO3TgFFXoUah/IDfEUptIy6lHlWPXScDcXNCfPc3+387h
qU+bTOyQHvZ07L4gEx4I1y6QjQKBgQC4R1ZRhYdQeXG3hG72nkzNkFCvFPqE67E9
w6cQZVbhC6VsC+uvcCmK1p3cuh70iXprhflpW2curS3LbECDJQzgR/I+XDW1CYO7
ON1ZXyDUFiBDpm1riiWTTzP8OOd5AopeLJ4pkNmBqY0dbD35s0R0XTJTrl4x8TOa
KmaUdZmNAQKBgFFY/w6NLl9utSN+kdNUWuKD83e+y06RPkm4UGNLVM0Y5b6P30Ya
LlyMOLgD7rC3DCtnp3+YqUGwvEgF8qKacJ7k2hfvI32NxgGb4ob0CB8LlR4XbKyM
a9ovOwDfob7n/6FvpKORqBS1XvRZeA3sff+22MkHttKmmKIxTmdOV391AoGADl8J
3UuzlNQTyUMbwEHyLWne0Piq3Ojgprd2dPHiR6S33uhDFiiCJOC96PPe7CU4leAZ
5lyJfHtnAeFMWq3uBiO2QaTBT4ARdO1nXcvsbH3ZQE1fZS6d5ZIctMPfUXGgRt3l
68nvHIyTg8LoRmvzn7uQ7DPCBtUPuCssWtGdCwECgYBOUU3L7OoluMkxjETdAiN9
2FVnDOZXL+DVTz3nixb9PJvkBeXj0ak+sGygR95P/P1A+e8oSP2NECSPrT7/Kvh8
LljLWaq5HheWRpMR5tSTWE86CcrEzUsmhGvjKTk0svGhsEPp8KUhNUFqg9EvZDAI
k3IwSoQ0R1ZElKQ//QrNUA==
-----END PRIVATE KEY-----
""";

    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private void requirePair(String certificate, String key) throws IOException {
        try (Certificates read = new Certificates(file("cert.pem", certificate), file("key.pem", key), null)) {
            assertThat(read.grpc().isServer()).isTrue();
        }
    }

    @Test
    void areTakenWhereTheyBelongTogether() throws IOException {
        requirePair(CURVE, CURVE_KEY);
        requirePair(RSA, RSA_KEY);
    }

    @Test
    void areRefusedWhereTheyDoNot() {
        for (String key : new String[] {OTHER_CURVE_KEY, RSA_KEY}) {
            assertThatThrownBy(() -> requirePair(CURVE, key))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the key is not the certificate's");
        }
        assertThatThrownBy(() -> requirePair(RSA, CURVE_KEY)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> requirePair(CURVE_KEY, CURVE)).isInstanceOf(IOException.class);
    }

    @Test
    void areReadAgainWhenTheyChangeAndKeptWhileTheyAreNone() throws IOException {
        try (Certificates read = new Certificates(file("cert.pem", CURVE), file("key.pem", CURVE_KEY), null);
                ServerLogLines log = new ServerLogLines()) {
            long first = read.end();
            read.look();
            assertThat(log.lines()).isEmpty();
            // The key comes later than its certificate.
            file("cert.pem", RSA);
            read.look();
            read.look();
            assertThat(read.isUsable()).isFalse();
            assertThat(read.end()).isEqualTo(first);
            file("key.pem", RSA_KEY);
            read.look();
            assertThat(read.isUsable()).isTrue();
            assertThat(read.end()).isNotEqualTo(first);
            assertThat(log.lines())
                    .containsExactly(
                            "the certificate's files cannot be read (the key is not the certificate's, which has one for RSA):"
                                    + " those of before stay",
                            "the certificate's files were read again");
        }
    }

    @Test
    void keepAServerFromStarting(BufferAllocator allocator) throws IOException {
        ServerOptions options =
                ServerOptions.defaults().withTls(file("cert.pem", CURVE), file("key.pem", OTHER_CURVE_KEY));
        assertThatThrownBy(() -> NpzFlightServer.start(allocator, directory, options))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                .hasMessageContaining("the key is not the certificate's");
    }
}
