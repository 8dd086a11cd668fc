package fedbiomed.network;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far: closed again, newest first, when opening the rest fails. */
final class Opening implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T one) {
        opened.push(one);
        return one;
    }

    void keep() {
        opened.clear();
    }

    @Override
    public void close() {
        for (var one : opened) {
            try {
                one.close();
            } catch (Exception _) {
                // the failure that brought us here is the one to be told
            }
        }
    }
}
