package fedbiomed.protocol.store;

import java.io.IOException;
import java.time.Duration;

/**
 * Asks again when the store says that it is too soon ({@link StoreBusy}). Each question of a transfer waits for itself: one
 * of several that began anew at the first would spend its turns on the first, and never come to the last.
 *
 * @param patience how long it is waited in all
 */
record Turns(Duration patience) {
    interface Question<T> {
        T ask() throws IOException, InterruptedException;
    }

    <T> T await(Question<T> question) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (true) {
            try {
                return question.ask();
            } catch (StoreBusy busy) {
                if (System.nanoTime() - began > patience.toNanos()) {
                    throw busy;
                }
                Thread.sleep(busy.waitMillis());
            }
        }
    }
}
