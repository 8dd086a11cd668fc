package fedbiomed.researcher.command;

import picocli.CommandLine;

/** A {@code run} in a process of its own, that can be killed. */
final class RunProcess {
    private RunProcess() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new RunCommand()).execute(args));
    }
}
