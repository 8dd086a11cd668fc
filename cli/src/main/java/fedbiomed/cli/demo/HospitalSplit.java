package fedbiomed.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Three hospitals that see different patients, made from one table by tumour size: rows are sorted by {@code
 * mean_radius} and cut at the 50th and the 70th percentile. A screening centre gets the small tumours (few malignant), a
 * small general hospital those between, an oncology centre the large ones (nearly all malignant).
 */
final class HospitalSplit {
    private static final String SIZE_COLUMN = "mean_radius";
    private static final SequencedMap<String, Double> UPPER_FRACTION = new LinkedHashMap<>();

    static {
        UPPER_FRACTION.put("screening-centre", 0.50);
        UPPER_FRACTION.put("general-hospital", 0.70);
        UPPER_FRACTION.put("oncology-centre", 1.00);
    }

    private HospitalSplit() {}

    static List<String> hospitals() {
        return List.copyOf(UPPER_FRACTION.keySet());
    }

    /** Writes {@code folder/<hospital>.csv} for each hospital, rows in the order of the whole table. */
    static Map<String, Path> write(Path wholeTable, Path folder) throws IOException {
        var lines = Files.readAllLines(wholeTable);
        var header = lines.getFirst();
        int column = List.of(header.split(",")).indexOf(SIZE_COLUMN);
        var rows = lines.subList(1, lines.size());
        var sizes = rows.stream()
                .map(row -> Double.parseDouble(row.split(",")[column]))
                .sorted()
                .toList();
        var files = new LinkedHashMap<String, Path>();
        double lower = Double.NEGATIVE_INFINITY;
        for (var hospital : UPPER_FRACTION.entrySet()) {
            int last = (int) Math.round(hospital.getValue() * sizes.size()) - 1;
            double upper = sizes.get(last);
            var part = new ArrayList<String>();
            part.add(header);
            for (var row : rows) {
                double size = Double.parseDouble(row.split(",")[column]);
                if (size > lower && size <= upper) {
                    part.add(row);
                }
            }
            files.put(hospital.getKey(), Files.write(folder.resolve(hospital.getKey() + ".csv"), part));
            lower = upper;
        }
        return files;
    }
}
