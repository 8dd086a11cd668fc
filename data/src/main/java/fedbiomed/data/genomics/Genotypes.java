package fedbiomed.data.genomics;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** A matrix of dosages, samples by variants ({@link VcfFile} says what a dosage is). Unmodifiable. */
public final class Genotypes {
    /** Beside the dosages 0, 1 and 2: two bits hold all four. */
    static final int MISSING = 3;

    private final List<String> samples;
    private final List<Variant> variants;
    private final List<byte[]> dosages;

    Genotypes(List<String> samples, List<Variant> variants, List<byte[]> dosages) {
        this.samples = samples;
        this.variants = List.copyOf(variants);
        this.dosages = List.copyOf(dosages);
    }

    /** The samples' names, in the file's order: they are patients, so that no message may hold one. */
    public List<String> samples() {
        return samples;
    }

    public List<Variant> variants() {
        return variants;
    }

    /** 0, 1 or 2; NaN if it is missing. */
    public float dosage(int sample, int variant) {
        Objects.checkIndex(sample, samples.size());
        int dosage = dosages.get(variant)[sample >> 2] >> 2 * (sample & 3) & 3;
        return dosage == MISSING ? Float.NaN : dosage;
    }

    /** How many bytes {@link #read} writes. */
    public long sizeBytes() {
        return (long) Float.BYTES * variants.size();
    }

    /** Writes a sample's dosages: F32 {@code [variants]} in the machine's byte order, NaN where one is missing. */
    public void read(int sample, MemorySegment into) {
        for (int i = 0; i < variants.size(); i++) {
            into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) Float.BYTES * i, dosage(sample, i));
        }
    }

    /**
     * The variants that a federation agreed on, in its order, whatever this file's order; those that the file has not are
     * missing (NaN) for every sample.
     *
     * @throws FedbiomedException DATA_UNFIT if the file has a variant that is wanted more than once
     */
    public Genotypes select(List<Variant> wanted) {
        return select(wanted, false);
    }

    /** @param reference whether samples have the reference where the file has not the variant; otherwise it is missing */
    Genotypes select(List<Variant> wanted, boolean reference) {
        var places = new HashMap<Variant, List<Integer>>();
        wanted.forEach(variant -> places.put(variant, new ArrayList<>(1)));
        for (int i = 0; i < variants.size(); i++) {
            var place = places.get(variants.get(i));
            if (place != null) {
                place.add(i);
            }
        }
        var absent = new byte[(samples.size() + 3) / 4];
        Arrays.fill(absent, (byte) (reference ? 0 : 0xFF));
        var selected = new ArrayList<byte[]>();
        for (var variant : wanted) {
            var place = Objects.requireNonNull(places.get(variant));
            if (place.size() > 1) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        "the genotypes have the variant " + Text.shown(variant.toString()) + " " + place.size()
                                + " times; join its records (bcftools norm -m +)");
            }
            selected.add(place.isEmpty() ? absent : dosages.get(place.getFirst()));
        }
        return new Genotypes(samples, wanted, selected);
    }

    /** How many of the variants this file has not. */
    public int absent(List<Variant> wanted) {
        var there = new HashSet<>(variants);
        return (int) wanted.stream().filter(variant -> !there.contains(variant)).count();
    }
}
