package org.arrownpz.crash;

import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.arrownpz.testing.WrappedFileSystem;

/** A {@link Disk} as the library sees it, through Java's file API. It cannot be mapped. */
final class DiskFileSystem extends WrappedFileSystem {
    private final DiskProvider provider;

    DiskFileSystem(Disk disk) {
        this.provider = new DiskProvider(this, disk);
    }

    @Override
    public DiskProvider provider() {
        return provider;
    }

    @Override
    protected Path followed(Path spelling, LinkOption... options) {
        return spelling.toAbsolutePath();
    }
}
