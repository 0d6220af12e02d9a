package org.arrownpz.testing;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/** Tests of units and round trips come before those of damage, faults and kills, where one JVM runs all of a module. */
public final class QuickFirst implements ClassOrderer {
    private static final Pattern LATER =
            Pattern.compile(".*\\.(crash|damage|faults|fidelity|fuzz|jvm|safety|soak)(\\..*)?");

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparing(QuickFirst::isLater));
    }

    private static boolean isLater(ClassDescriptor test) {
        return LATER.matcher(test.getTestClass().getPackageName()).matches();
    }
}
