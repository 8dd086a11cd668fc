package fedbiomed.data.transform;

/** Images with their values in other places; every plane (channel, slice) alike. */
final class Geometry {
    private Geometry() {}

    @FunctionalInterface
    private interface Place {
        /** Where in the old plane the value of the new one's {@code (y, x)} stands; below 0: nowhere, it is 0. */
        int of(int y, int x);
    }

    private static SampleValues moved(SampleValues sample, Place place) {
        int height = sample.size(1);
        int width = sample.size(0);
        var old = sample.values();
        var values = new float[old.length];
        int plane = height * width;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = place.of(y, x);
                if (from >= 0) {
                    int to = y * width + x;
                    for (int start = 0; start < old.length; start += plane) {
                        values[start + to] = old[start + from];
                    }
                }
            }
        }
        return new SampleValues(values, sample.shape());
    }

    static SampleValues flippedHorizontally(SampleValues sample) {
        int width = sample.size(0);
        return moved(sample, (y, x) -> y * width + width - 1 - x);
    }

    static SampleValues flippedVertically(SampleValues sample) {
        int height = sample.size(1);
        int width = sample.size(0);
        return moved(sample, (y, x) -> (height - 1 - y) * width + x);
    }

    /** Counter-clockwise, as {@code numpy.rot90} of the last two axes; of a square. */
    static SampleValues turned(SampleValues sample, int quarters) {
        int size = sample.size(0);
        int last = size - 1;
        return switch (quarters) {
            case 0 -> sample;
            case 1 -> moved(sample, (y, x) -> x * size + last - y);
            case 2 -> moved(sample, (y, x) -> (last - y) * size + last - x);
            default -> moved(sample, (y, x) -> (last - x) * size + y);
        };
    }

    /** @param down, right how many pixels; negative: up, left */
    static SampleValues shifted(SampleValues sample, int down, int right) {
        int height = sample.size(1);
        int width = sample.size(0);
        return moved(sample, (y, x) -> {
            int fromY = y - down;
            int fromX = x - right;
            return fromY >= 0 && fromY < height && fromX >= 0 && fromX < width ? fromY * width + fromX : -1;
        });
    }
}
