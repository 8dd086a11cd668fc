package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommandLine;

/** A {@code run} in a process of its own, that can be killed. */
final class RunProcess {
    private RunProcess() {}

    public static void main(String[] args) {
        System.exit(FedbiomedCommandLine.of(new RunCommand()).execute(args));
    }
}
