package fedbiomed.network.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters and gauges as Prometheus reads them (text format 0.0.4). No party, no entry is named. */
public final class Metrics {
    private final LongAdder uploads = new LongAdder();
    private final LongAdder uploadedBytes = new LongAdder();
    private final LongAdder downloads = new LongAdder();
    private final LongAdder downloadedBytes = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final Map<String, LongSupplier> counters = new LinkedHashMap<>();
    private final Map<String, LongSupplier> gauges = new LinkedHashMap<>();

    void uploaded(long bytes) {
        uploads.increment();
        uploadedBytes.add(bytes);
    }

    void downloaded(long bytes) {
        downloads.increment();
        downloadedBytes.add(bytes);
    }

    void refused() {
        refusals.increment();
    }

    /** Adds a counter that is kept elsewhere, before serving starts. */
    public void counter(String name, LongSupplier value) {
        counters.put(name, value);
    }

    /** Adds a gauge before serving starts. */
    public void gauge(String name, LongSupplier value) {
        gauges.put(name, value);
    }

    String text() {
        var text = new StringBuilder();
        line(text, "store_uploads_total", "counter", uploads.sum());
        line(text, "store_uploaded_bytes_total", "counter", uploadedBytes.sum());
        line(text, "store_downloads_total", "counter", downloads.sum());
        line(text, "store_downloaded_bytes_total", "counter", downloadedBytes.sum());
        line(text, "requests_refused_total", "counter", refusals.sum());
        counters.forEach((name, value) -> line(text, name, "counter", value.getAsLong()));
        gauges.forEach((name, value) -> line(text, name, "gauge", value.getAsLong()));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String type, long value) {
        text.append("# TYPE fedbiomed_network_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
        text.append("fedbiomed_network_").append(name).append(' ').append(value).append('\n');
    }
}
