"""A dataset of kind genotypes as pysam 0.24.1 and pandas 3.1.1 make it: twelve variants of 22.vcf.gz in an order of their
own, missing genotypes as the mean of the samples that have a phenotype.

Run: python genotype_folder_reference.py ../resources/fedbiomed/data/genomics
Writes genotypes/variants.txt, genotypes/phenotypes.tsv and genotypes/reference.json, which GenotypeFolderTest compares with.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pysam

out = Path(sys.argv[1])
folder = out / "genotypes"
folder.mkdir(exist_ok=True)
rows = {}
with pysam.VariantFile(str(out / "22.vcf.gz")) as vcf:
    samples = list(vcf.header.samples)
    for record in vcf:
        calls = [record.samples[s]["GT"] for s in samples]
        rows[f"{record.chrom}:{record.pos}:{record.ref}:{','.join(record.alts)}"] = [
            np.nan if None in call else sum(allele > 0 for allele in call) for call in calls
        ]
dosages = pd.DataFrame(rows, index=samples)
wanted = list(dosages.columns[::21])[::-1]
assert dosages[wanted].isna().any().any()
(folder / "variants.txt").write_text("# agreed on in May\n" + "\n".join(wanted) + "\n")

random = np.random.default_rng(22)
phenotypes = pd.DataFrame(
    {"age": random.integers(30, 80, len(samples)), "case": random.choice(["yes", "no"], len(samples))}, index=samples
)
phenotypes.index.name = "IID"
# two samples without a phenotype, one phenotype without a sample, another order
phenotypes = phenotypes.drop(samples[3:5]).rename({samples[-1]: "NA99999"}).iloc[::-1]
phenotypes.to_csv(folder / "phenotypes.tsv", sep="\t")
joined = dosages[wanted].join(phenotypes, how="inner")
imputed = joined[wanted].fillna(joined[wanted].mean())
(folder / "reference.json").write_text(
    json.dumps(
        {
            "samples": len(joined),
            "of": len(samples),
            "incomplete": int(joined[wanted].isna().any(axis=1).sum()),
            "list": hashlib.sha256("".join(v + "\n" for v in wanted).encode()).hexdigest()[:16],
            "dosages": imputed.values.tolist(),
            "age": joined["age"].tolist(),
            "case": joined["case"].tolist(),
        }
    )
    + "\n"
)
