package org.arrownpz.cli.console;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Lets lists have blanks after their commas: {@code -c a, b} is what {@code -c a,b} is. */
public final class CommaList implements IParameterPreprocessor {
    @Override
    // The type is picocli's.
    @SuppressWarnings("JdkObsolete")
    public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec list, Map<String, Object> info) {
        if (!args.isEmpty() && args.peek() != null) {
            StringBuilder value = new StringBuilder(args.pop());
            while (value.length() > 1
                    && value.charAt(value.length() - 1) == ','
                    && !args.isEmpty()
                    && !args.peek().startsWith("-")) {
                value.append(args.pop());
            }
            args.push(value.toString());
        }
        return false;
    }
}
