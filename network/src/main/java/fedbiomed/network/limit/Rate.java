package fedbiomed.network.limit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * So many a minute for each key: a bucket of tokens that holds a minute's worth and is filled evenly. Keys whose bucket
 * is full again are forgotten, so that memory does not grow with those who once came by.
 */
public final class Rate<K> {
    private static final double NANOS_A_MINUTE = 60e9;

    private final int perMinute;
    private final LongSupplier nanos;
    private final Map<K, Bucket> buckets = new HashMap<>();
    private long sweptAt;

    private record Bucket(double tokens, long at) {}

    public Rate(int perMinute) {
        this(perMinute, System::nanoTime);
    }

    Rate(int perMinute, LongSupplier nanos) {
        this.perMinute = perMinute;
        this.nanos = nanos;
        this.sweptAt = nanos.getAsLong();
    }

    /** One more of {@code key}, if there is a token left. @return zero, or how long until there is one */
    public synchronized Duration ask(K key) {
        long now = nanos.getAsLong();
        double tokens = tokens(key, now);
        if (tokens < 1) {
            return wait(1 - tokens);
        }
        buckets.put(key, new Bucket(tokens - 1, now));
        return Duration.ZERO;
    }

    /** One more of {@code key}, whether there is a token or not. @return zero, or how long until the debt is paid */
    public synchronized Duration take(K key) {
        long now = nanos.getAsLong();
        double left = tokens(key, now) - 1;
        buckets.put(key, new Bucket(left, now));
        return left >= 0 ? Duration.ZERO : wait(-left);
    }

    private double tokens(K key, long now) {
        sweep(now);
        var bucket = buckets.get(key);
        return bucket == null ? perMinute : filled(bucket, now);
    }

    private double filled(Bucket bucket, long now) {
        return Math.min(perMinute, bucket.tokens() + (now - bucket.at()) * perMinute / NANOS_A_MINUTE);
    }

    private Duration wait(double tokens) {
        return Duration.ofNanos((long) Math.ceil(tokens * NANOS_A_MINUTE / perMinute));
    }

    private void sweep(long now) {
        if (now - sweptAt >= NANOS_A_MINUTE) {
            sweptAt = now;
            buckets.values().removeIf(bucket -> filled(bucket, now) >= perMinute);
        }
    }

    /** Of how many keys something is remembered. */
    synchronized int remembered() {
        return buckets.size();
    }
}
