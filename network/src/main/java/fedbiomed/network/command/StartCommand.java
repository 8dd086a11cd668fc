package fedbiomed.network.command;

import fedbiomed.network.Network;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code network start}: runs until Ctrl-C or SIGTERM. */
@Command(
        name = "start",
        description = "Run the Network until Ctrl-C or SIGTERM. Its log goes to standard error.",
        exitCodeList = {ExitCodes.STOPPED_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT})
final class StartCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Override
    protected void run() throws InterruptedException {
        var network = Network.start(
                at.path(), System.getenv(), clock(), passphrase -> passphrase.asking(AskedPassphrase::known));
        var stopped = new CountDownLatch(1);
        var runtime = Runtime.getRuntime();
        runtime.addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            network.close();
            stopped.countDown();
            // a clean stop that was asked for is no failure: without this, SIGTERM would end with 143
            runtime.halt(0);
        }));
        var address = network.address();
        out().println("Network ready: parameter store " + address.store() + ", MQTT " + address.mqttHost() + ":"
                + address.mqttPort() + ", CA fingerprint " + network.caFingerprint() + "; Ctrl-C stops it");
        out().flush();
        stopped.await();
    }
}
