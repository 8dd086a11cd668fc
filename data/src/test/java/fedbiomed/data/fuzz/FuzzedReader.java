package fedbiomed.data.fuzz;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.dicom.DicomFile;
import fedbiomed.data.genomics.ExpressionMatrix;
import fedbiomed.data.genomics.FastaFile;
import fedbiomed.data.genomics.MultiAllelic;
import fedbiomed.data.genomics.VcfFile;
import fedbiomed.data.image.FuzzedImage;
import fedbiomed.data.nifti.NiftiFile;
import fedbiomed.data.signal.Recording;
import fedbiomed.data.signal.edf.EdfFile;
import fedbiomed.data.signal.wfdb.FuzzedAnnotations;
import fedbiomed.data.signal.wfdb.WfdbRecord;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.CsvFile;
import fedbiomed.data.tabular.FuzzedParquet;
import fedbiomed.vocabulary.ColumnDescription;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is fuzzed: readers, each with the name that its file has and valid files to begin with. */
enum FuzzedReader {
    NIFTI("input.nii", "nifti/made-int16-big.nii", "nifti/made-qform.nii.gz", "nifti/example_nifti2.nii.gz") {
        @Override
        void read(Path file) {
            NiftiFile.open(file).read();
        }
    },
    DICOM(
            "input.dcm",
            "dicom/made-nested-implicit.dcm",
            "dicom/made-enhanced.dcm",
            "dicom/made-jpeg-frames.dcm",
            "dicom/MR_small_RLE.dcm") {
        @Override
        void read(Path file) {
            DicomFile.open(file).read();
        }
    },
    EDF("input.edf", "signal/test_subsecond.edf") {
        @Override
        void read(Path file) throws IOException {
            try (var edf = EdfFile.open(file)) {
                readAll(edf);
                edf.annotations();
            }
        }
    },
    WFDB("input.hea", "signal/100.hea", "signal/test01_00s.hea") {
        @Override
        void read(Path file) throws IOException {
            for (var data : List.of("100.dat", "test01_00s.dat")) {
                var signal = file.resolveSibling(data);
                if (!Files.exists(signal)) {
                    Files.write(signal, new byte[6_000]);
                }
            }
            try (var record = WfdbRecord.open(file)) {
                readAll(record);
            }
        }
    },
    WFDB_ANNOTATIONS("input.atr", "signal/100.atr") {
        @Override
        void read(Path file) {
            FuzzedAnnotations.read(file);
        }
    },
    VCF("input.vcf", "genomics/sample.vcf") {
        @Override
        void read(Path file) {
            VcfFile.describe(file);
            var genotypes = VcfFile.read(file, MultiAllelic.SPLIT);
            try (var arena = Arena.ofConfined()) {
                genotypes.read(0, arena.allocate(genotypes.sizeBytes()));
            }
        }
    },
    FASTA("input.fa", "genomics/ex1.fa") {
        @Override
        void read(Path file) {
            var fasta = FastaFile.open(file);
            try (var arena = Arena.ofConfined()) {
                var into = arena.allocate(FastaFile.kmersSizeBytes(2));
                for (int i = 0; i < fasta.names().size(); i++) {
                    fasta.kmers(i, 2, into);
                    fasta.oneHot(i, 4, into);
                }
            }
        }
    },
    EXPRESSION("input.tsv", "genomics/expression.tsv") {
        @Override
        void read(Path file) {
            ExpressionMatrix.read(file, ExpressionMatrix.Rows.GENES);
        }
    },
    IMAGE(
            "input.img",
            "image/bits.png",
            "image/deep.png",
            "image/deep.tiff",
            "image/float.tiff",
            "image/grey.bmp",
            "image/palette.png",
            "image/smooth.jpg") {
        @Override
        void read(Path file) {
            FuzzedImage.read(file);
        }
    },
    IDX("train-images-idx3-ubyte") {
        @Override
        void read(Path file) throws IOException {
            var labels = file.resolveSibling("train-labels-idx1-ubyte");
            if (!Files.exists(labels)) {
                Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 1, 0});
            }
            readAll(DatasetKinds.open(new StoredDataset("idx", folderOf(file))));
        }

        @Override
        List<byte[]> valid() {
            return List.of(new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 10, 20, 30, 40});
        }
    },
    TENSORS("input.safetensors") {
        @Override
        void read(Path file) {
            var source = DatasetKinds.open(new StoredDataset(DatasetKinds.TENSORS, file));
            source.requireSound();
        }

        @Override
        List<byte[]> valid() {
            var header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
            var bytes = new byte[8 + header.length() + 8];
            bytes[0] = (byte) header.length();
            System.arraycopy(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, bytes, 8, header.length());
            return List.of(bytes);
        }
    },
    PARQUET("input.parquet", "tabular/cohort.parquet", "tabular/nested.parquet") {
        @Override
        void read(Path file) {
            FuzzedParquet.read(file);
        }
    },
    CSV("input.csv", "genomics/phenotypes.csv") {
        @Override
        void read(Path file) {
            CsvFile.read(
                    file,
                    CsvFile.describe(file).columns().stream()
                            .map(ColumnDescription::name)
                            .toList());
        }
    };

    private static final int PIECE = 4_096;

    /** Some formats are known by it, or by the file beside it. */
    final String fileName;

    private final List<String> samples;

    FuzzedReader(String fileName, String... samples) {
        this.fileName = fileName;
        this.samples = List.of(samples);
    }

    /** Reads a file to its end. */
    abstract void read(Path file) throws IOException;

    /** Files to begin with. */
    List<byte[]> valid() throws IOException {
        var files = new java.util.ArrayList<byte[]>();
        for (var sample : samples) {
            try (var in = FuzzedReader.class.getResourceAsStream("/fedbiomed/data/" + sample)) {
                files.add(java.util.Objects.requireNonNull(in, sample).readAllBytes());
            }
        }
        return files;
    }

    private static void readAll(Recording recording) {
        for (int channel = 0; channel < recording.channels().size(); channel++) {
            long samples =
                    recording.frames() * recording.channels().get(channel).samplesPerFrame();
            var values = new float[PIECE];
            for (long from = 0; from < samples; from += PIECE) {
                recording.read(channel, from, values, 0, (int) Math.min(PIECE, samples - from));
            }
        }
    }

    private static void readAll(SampleSource source) {
        source.requireSound();
    }

    private static Path folderOf(Path file) {
        return java.util.Objects.requireNonNull(file.getParent());
    }
}
