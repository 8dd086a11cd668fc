/**
 * Genomics: genotypes from VCF ({@link fedbiomed.data.genomics.VcfFile}), sequences from FASTA
 * ({@link fedbiomed.data.genomics.FastaFile}), expression matrices ({@link fedbiomed.data.genomics.ExpressionMatrix}),
 * and the dataset kinds of each, joined to a table of phenotypes ({@link fedbiomed.data.genomics.GenotypeFolder},
 * {@link fedbiomed.data.genomics.FastaFolder}, {@link fedbiomed.data.genomics.ExpressionFolder}). Sample ids are patients:
 * no error repeats one.
 */
@NullMarked
package fedbiomed.data.genomics;

import org.jspecify.annotations.NullMarked;
