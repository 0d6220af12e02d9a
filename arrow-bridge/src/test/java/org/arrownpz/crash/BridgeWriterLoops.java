package org.arrownpz.crash;

/** The process to be killed, with the writers of this module. */
final class BridgeWriterLoops {
    private BridgeWriterLoops() {}

    public static void main(String[] arguments) throws Exception {
        WriterLoops.run(arguments, BridgeWriter.ALL);
    }
}
