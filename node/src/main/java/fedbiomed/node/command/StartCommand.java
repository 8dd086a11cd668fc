package fedbiomed.node.command;

import fedbiomed.node.Node;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "start",
        description = "Run this node until Ctrl-C or SIGTERM. Its log goes to standard error.",
        exitCodeList = {ExitCodes.STOPPED_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT})
final class StartCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    private static final long FIRST_CONNECTION_MILLIS = 15_000;

    @Override
    protected void run() throws InterruptedException {
        var stopped = new CountDownLatch(1);
        try (var node = Node.open(at.path(), clock())) {
            // on a signal the JVM runs this and would exit with 128 + signal; a clean stop is a success
            var hook = new Thread(
                    () -> {
                        node.close();
                        stopped.countDown();
                        Runtime.getRuntime().halt(0);
                    },
                    "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            node.start();
            boolean connected = node.awaitConnected(FIRST_CONNECTION_MILLIS);
            var shared = node.datasets().list().size();
            out().println("Node '" + node.party() + "' "
                    + (connected ? "is connected" : "does not reach the Network yet and keeps trying") + "; shares "
                    + shared + (shared == 1 ? " dataset" : " datasets") + "; fingerprint "
                    + node.federation().identity().keys().fingerprint() + "; Ctrl-C stops it");
            out().flush();
            stopped.await();
        }
    }
}
