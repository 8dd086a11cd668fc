"""Writes hospital-a and hospital-b: made genotypes and phenotypes, of nobody. Eight of sixty variants raise or lower the
risk of being a case.

    pip install numpy
    python make_data.py

Each hospital's VCF file has its own order of records and further variants of its own; variants.txt is the list that both
agreed on. Some genotypes of hospital a were not called, and some samples of hospital b have no phenotype. The same files
each time (seed 14).
"""
import gzip
from pathlib import Path

import numpy as np

random = np.random.default_rng(14)
here = Path(__file__).parent
AGREED = 60
positions = np.sort(random.choice(np.arange(1_000, 5_000_000), AGREED + 10, replace=False))
alleles = [random.choice(list("ACGT"), 2, replace=False) for _ in positions]
variants = [f"20:{p}:{r}:{a}" for p, (r, a) in zip(positions, alleles)]
frequency = random.uniform(0.1, 0.5, len(variants))
agreed = np.sort(random.choice(len(variants), AGREED, replace=False))
effects = np.zeros(len(variants))
effects[random.choice(agreed, 8, replace=False)] = [2.0, -2.2, 1.8, -1.6, 2.4, -1.9, 1.7, -2.1]

for name, samples, missing, others in [("a", 500, 0.01, 5), ("b", 300, 0.0, 10)]:
    folder = here / f"hospital-{name}"
    folder.mkdir(exist_ok=True)
    dosage = random.binomial(2, frequency, (samples, len(variants)))
    risk = (dosage - 2 * frequency) @ effects
    case = random.random(samples) < 1 / (1 + np.exp(-risk))
    ids = [f"{name.upper()}{i:04d}" for i in range(samples)]
    written = np.concatenate([agreed, random.choice(np.setdiff1d(np.arange(len(variants)), agreed), others, False)])
    if name == "b":
        random.shuffle(written)
    else:
        written.sort()
    lines = ["##fileformat=VCFv4.2", "##contig=<ID=20>", '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines.append("\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *ids]))
    for v in written:
        calls = [["0/0", "0/1", "1/1"][d] for d in dosage[:, v]]
        calls = ["./." if random.random() < missing else call for call in calls]
        chromosome, position, reference, alternative = variants[v].split(":")
        lines.append("\t".join([chromosome, position, ".", reference, alternative, ".", "PASS", ".", "GT", *calls]))
    with open(folder / "genotypes.vcf.gz", "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
    known = samples if name == "a" else samples - 20
    order = random.permutation(samples)[:known]
    (folder / "phenotypes.tsv").write_text(
        "IID\tstatus\n" + "".join(f"{ids[i]}\t{'case' if case[i] else 'control'}\n" for i in order)
    )
    (folder / "variants.txt").write_text("".join(variants[v] + "\n" for v in agreed))
