"""What pysam 0.24.1, scikit-allel 1.3.13 and pandas 3.1.1 make of small genomic files.

Run: python genomics_reference.py SOURCES ../resources/fedbiomed/data/genomics
SOURCES holds the files that the README beside the resources names, as they come; the ones that are too large are cut
here. Writes the files and reference.json, which GenomicsReferenceTest compares with.
"""

import gzip
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import allel
import numpy as np
import pandas as pd
import pysam

sources, out = Path(sys.argv[1]), Path(sys.argv[2])
reference = {}


def dosages(name):
    """Of each record each sample's alternative alleles; None where an allele is missing."""
    rows, variants, split = [], [], {}
    with pysam.VariantFile(str(out / name)) as vcf:
        samples = list(vcf.header.samples)
        for record in vcf:
            calls = [record.samples[s].get("GT", (None,)) for s in samples]
            rows.append([None if None in c else sum(a > 0 for a in c) for c in calls])
            alternatives = record.alts or (".",)
            variants.append(f"{record.chrom}:{record.pos}:{record.ref}:{','.join(alternatives)}")
            for i, alternative in enumerate(alternatives):
                split[f"{record.chrom}:{record.pos}:{record.ref}:{alternative}"] = [
                    None if None in c else sum(a == i + 1 for a in c) for c in calls
                ]
    of_allel = allel.GenotypeArray(allel.read_vcf(str(out / name), fields=["calldata/GT"])["calldata/GT"])
    diploid = of_allel.to_n_alt(fill=-1)
    for ours, theirs, calls in zip(rows, diploid, of_allel):
        for a, b, call in zip(ours, theirs, calls):
            # scikit-allel has haploid genotypes as half missing
            assert a == (None if b < 0 else b) or call[1] == -1, (a, b, call)
    flat = [d for row in rows for d in row]
    reference[name] = {
        "samples": len(samples),
        "variants": len(rows),
        "missing": flat.count(None),
        "multi_allelic": sum("," in v.split(":")[3] for v in variants),
        "counts": [flat.count(d) for d in (0, 1, 2)],
        "sample_sums": [sum(row[s] or 0 for row in rows) for s in range(len(samples))],
        "rows": dict(zip(variants, rows)) if len(rows) < 20 else {v: rows[variants.index(v)] for v in variants[::50]},
        "split": split if len(rows) < 20 else {},
    }


shutil.copyfile(sources / "sample.vcf", out / "sample.vcf")
dosages("sample.vcf")

with gzip.open(sources / "22.vcf.gz", "rt") as f:
    lines = f.readlines()
header = [line for line in lines if line.startswith("#")]
plain = out / "22.vcf"
plain.write_text("".join(header + lines[len(header) : len(header) + 250]))
pysam.tabix_compress(str(plain), str(out / "22.vcf.gz"), force=True)
plain.unlink()
dosages("22.vcf.gz")

shutil.copyfile(sources / "ex1.fa", out / "ex1.fa")
with pysam.FastaFile(str(out / "ex1.fa")) as fasta:
    reference["ex1.fa"] = []
    for name in fasta.references:
        sequence = fasta.fetch(name).upper()
        counted = Counter(sequence[i : i + 3] for i in range(len(sequence) - 2))
        kmers = [counted[a + b + c] for a in "ACGT" for b in "ACGT" for c in "ACGT"]
        one_hot = [[int(base == letter) for base in sequence[:100]] for letter in "ACGT"]
        reference["ex1.fa"].append(
            {"name": name, "length": len(sequence), "kmers": kmers, "one_hot": ["".join(map(str, r)) for r in one_hot]}
        )
(out / "ex1.fa.fai").unlink()

lines = (sources / "exprsData.txt").read_text().splitlines()[:121]
(out / "expression.tsv").write_text("\n".join(lines) + "\n")
expression = pd.read_csv(out / "expression.tsv", sep="\t", index_col=0)
expression.T.to_csv(out / "expression_by_sample.csv.gz", float_format="%.17g", compression={"method": "gzip", "mtime": 0})
phenotypes = pd.read_csv(sources / "pData.txt", sep="\t", comment="#", index_col=0)
phenotypes.index.name = "sample"
# two samples without a phenotype, one phenotype without a sample, another order
phenotypes = pd.concat([phenotypes.drop(["C", "Q"]), phenotypes.loc[["A"]].rename({"A": "ZZ"})]).iloc[::-1]
phenotypes.to_csv(out / "phenotypes.csv")
joined = expression.T.join(phenotypes, how="inner")
reference["expression.tsv"] = {
    "genes": list(expression.index[:3]),
    "shape": list(expression.shape),
    "column_sums": expression.sum().tolist(),
    "row_sums": expression.sum(axis=1).tolist()[:10],
    "joined": len(joined),
    "score_sums_by_type": joined.groupby("type")["score"].sum().to_dict(),
    "first_gene_by_type": joined.groupby("type")[expression.index[0]].mean().to_dict(),
}

(out / "reference.json").write_text(json.dumps(reference, indent=1))
