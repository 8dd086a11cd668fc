package fedbiomed.cli;

/**
 * A process that the demo started ends with the demo, even if the demo is killed: it asks every second whether its parent
 * still lives.
 */
final class StopWithParent {
    private static final String VARIABLE = "FEDBIOMED_STOP_WITH_PARENT";
    private static final long INTERVAL_MILLIS = 1000;

    private StopWithParent() {}

    static void ifAsked() {
        if (System.getenv(VARIABLE) == null) {
            return;
        }
        var parent = ProcessHandle.current().parent();
        Thread.ofVirtual().name("stop-with-parent").start(() -> {
            try {
                while (parent.isPresent() && parent.get().isAlive()) {
                    Thread.sleep(INTERVAL_MILLIS);
                }
                System.exit(0);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
