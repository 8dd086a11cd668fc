package fedbiomed.node.command;

import fedbiomed.node.Node;
import fedbiomed.node.round.GpuPolicy;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = "Run this node until Ctrl-C or SIGTERM. Its log goes to standard error.",
        exitCodeList = {ExitCodes.STOPPED_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT})
final class StartCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(
            names = "--gpu",
            description = "Let plans compute on a GPU of this machine, where the researcher asks for one (use_gpu)"
                    + " and CUDA is there. Without it they compute on the CPU.")
    boolean gpu;

    @Option(
            names = "--gpu-only",
            description = "Let plans compute on a GPU whether the researcher asks or not; where there is none, on the"
                    + " CPU, with a warning in the log. Implies --gpu.")
    boolean gpuOnly;

    @Option(
            names = "--gpu-num",
            paramLabel = "N",
            description = "The GPU to use, from 0; where it is not there, the first one. Implies --gpu.")
    @Nullable
    Integer gpuNum;

    private static final long FIRST_CONNECTION_MILLIS = 15_000;

    private GpuPolicy gpuPolicy() {
        try {
            return GpuPolicy.of(gpu, gpuOnly, gpuNum);
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    protected void run() throws InterruptedException {
        var stopped = new CountDownLatch(1);
        try (var node = Node.open(at.path(), gpuPolicy(), clock())) {
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
