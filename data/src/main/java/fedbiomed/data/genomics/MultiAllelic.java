package fedbiomed.data.genomics;

/** What becomes of a record with several alternative alleles. */
public enum MultiAllelic {
    /** One variant: its dosage counts all alleles that are not the reference. */
    COUNTED_TOGETHER,
    /** One variant for each alternative allele: its dosage counts that allele alone (as {@code bcftools norm -m -}). */
    SPLIT
}
