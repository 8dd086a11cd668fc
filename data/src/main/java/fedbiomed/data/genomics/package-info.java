/**
 * Genomics: genotypes from VCF ({@link fedbiomed.data.genomics.VcfFile}), sequences from FASTA
 * ({@link fedbiomed.data.genomics.FastaFile}), expression matrices ({@link fedbiomed.data.genomics.ExpressionMatrix}),
 * and samples joined to a table of phenotypes ({@link fedbiomed.data.genomics.SampleJoin}). Sample ids are patients:
 * no error repeats one.
 */
@NullMarked
package fedbiomed.data.genomics;

import org.jspecify.annotations.NullMarked;
