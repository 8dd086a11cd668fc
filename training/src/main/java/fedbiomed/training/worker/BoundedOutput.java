package fedbiomed.training.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Lets so many bytes a job through and drops the rest, so that a plan that prints cannot fill the node's log. */
final class BoundedOutput extends OutputStream {
    private final OutputStream out;
    private final int limitBytes;
    private int left;
    private boolean told;

    BoundedOutput(OutputStream out, int limitBytes) {
        this.out = out;
        this.limitBytes = limitBytes;
        this.left = limitBytes;
    }

    /** A new job begins: the whole limit is there again. */
    synchronized void renew() {
        left = limitBytes;
        told = false;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        int some = Math.min(length, left);
        out.write(bytes, from, some);
        left -= some;
        if (some < length && !told) {
            told = true;
            out.write(("\n[the plan printed more than " + limitBytes + " bytes in this job; the rest is dropped]\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }
}
