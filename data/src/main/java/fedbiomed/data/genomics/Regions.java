package fedbiomed.data.genomics;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Stretches of chromosomes, as bcftools writes them: {@code 20,21:1-5000000}; positions from 1, both ends included. */
record Regions(List<Region> regions) {
    private static final Pattern STRETCH = Pattern.compile("(.+):(\\d{1,10})-(\\d{1,10})");

    record Region(String chromosome, long from, long to) {}

    /** @throws FedbiomedException DATA_UNFIT if it is not written so */
    static Regions parse(String setting) {
        var regions = new ArrayList<Region>();
        for (var part : setting.split(",", -1)) {
            var stretch = STRETCH.matcher(part.strip());
            var region = stretch.matches()
                    ? new Region(stretch.group(1), Long.parseLong(stretch.group(2)), Long.parseLong(stretch.group(3)))
                    : new Region(part.strip(), 0, Long.MAX_VALUE);
            if (region.chromosome.isEmpty() || region.from > region.to) {
                throw Choice.unfit("the setting '" + GenotypeFolder.REGION
                        + "' names chromosomes or stretches of them, e.g. 20 or 20:1000-2000, not '"
                        + Text.shown(setting) + "'");
            }
            regions.add(region);
        }
        return new Regions(List.copyOf(regions));
    }

    boolean contains(Variant variant) {
        return regions.stream()
                .anyMatch(region -> region.chromosome.equals(variant.chromosome())
                        && variant.position() >= region.from
                        && variant.position() <= region.to);
    }
}
