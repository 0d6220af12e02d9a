package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class RuntimeSupportTest {
    private static final String NEWER = Runtime.version().feature() < 24 ? "-Dnothing" : RuntimeSupport.UNSAFE_FLAG;

    /** Run in a JVM of its own; with arguments, after an attempt to make an allocator. */
    static final class Probe {
        public static void main(String[] arguments) {
            if (arguments.length > 0) {
                try {
                    new RootAllocator().close();
                } catch (LinkageError e) {
                    // As an application does that catches too much.
                }
            }
            try {
                RuntimeSupport.check();
                RuntimeSupport.checkAll();
                System.out.print("fine");
            } catch (IllegalStateException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void namesTheMissingFlagInOneSentence() throws Exception {
        assertThat(probe("", false, NEWER))
                .isEqualTo("Arrow cannot reach off-heap memory on this JVM: start java with "
                        + "--add-opens=java.base/java.nio=ALL-UNNAMED");
    }

    @Test
    void isContentWithTheFlag() throws Exception {
        assertThat(probe("", false, RuntimeSupport.REQUIRED_FLAG, NEWER)).isEqualTo("fine");
    }

    @Test
    void namesTheJarsWhereThereIsNoAllocator() throws Exception {
        String sentence = "There is no allocator of Arrow on the class path: add "
                + "org.apache.arrow:arrow-memory-netty or arrow-memory-unsafe, in the version of arrow-vector";
        assertThat(probe("arrow-memory-netty-", false, RuntimeSupport.REQUIRED_FLAG, NEWER))
                .isEqualTo(sentence);
        assertThat(probe("arrow-memory-netty-", true, RuntimeSupport.REQUIRED_FLAG, NEWER))
                .isEqualTo(sentence);
    }

    @Test
    void namesTheAllocatorThatAPropertyAsksFor() throws Exception {
        assertThat(probe("", false, RuntimeSupport.REQUIRED_FLAG, NEWER, "-Darrow.allocation.manager.type=Unsafe"))
                .startsWith(
                        "The allocator that -Darrow.allocation.manager.type=Unsafe asks for is not on the class path: ");
    }

    @Test
    void namesTheVersionsOfNettyThatDoNotFit() throws Exception {
        assertThat(probe("netty-common-", true, RuntimeSupport.REQUIRED_FLAG, NEWER))
                .matches("Arrow's allocator does not fit the Netty on the class path \\(netty-buffer 4\\.\\S+\\): .*"
                        + "4\\.1\\.119\\.Final for one, or take org\\.apache\\.arrow:arrow-memory-unsafe .*");
    }

    @Test
    void namesThePropertyThatKeepsNettyFromUnsafe() throws Exception {
        assertThat(probe("", false, RuntimeSupport.REQUIRED_FLAG, NEWER, "-Dio.netty.noUnsafe=true"))
                .startsWith(
                        "Arrow's allocator needs Netty's use of sun.misc.Unsafe: leave -Dio.netty.noUnsafe=true out");
    }

    private static String probe(String withoutJar, boolean afterwards, String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(flags));
        String path = Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(entry -> withoutJar.isEmpty()
                        || !Path.of(entry).getFileName().toString().startsWith(withoutJar))
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", path, Probe.class.getName()));
        if (afterwards) {
            command.add("afterwards");
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
