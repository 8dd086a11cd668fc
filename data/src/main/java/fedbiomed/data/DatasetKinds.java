package fedbiomed.data;

import fedbiomed.data.dicom.DicomFolder;
import fedbiomed.data.genomics.ExpressionFolder;
import fedbiomed.data.genomics.FastaFolder;
import fedbiomed.data.genomics.GenotypeFolder;
import fedbiomed.data.idx.IdxFolder;
import fedbiomed.data.image.ImageFolder;
import fedbiomed.data.medical.MedicalFolder;
import fedbiomed.data.signal.folder.SignalFolder;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.CsvFile;
import fedbiomed.data.tabular.DeclaredTypes;
import fedbiomed.data.tabular.ParquetFile;
import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.TableFolder;
import fedbiomed.data.tabular.TableSpace;
import fedbiomed.data.tensors.TensorFile;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kinds of dataset that this version knows. */
public final class DatasetKinds {
    /** A table in a CSV file. */
    public static final String CSV = "csv";
    /** A table in a Parquet file. */
    public static final String PARQUET = "parquet";
    /** The result of a query, which lies in the node's home as a Parquet file. */
    public static final String SQL = "sql";
    /** Arrays of any shape in a safetensors file, samples first. */
    public static final String TENSORS = "tensors";

    private static final SortedMap<String, String> TABLE_SETTINGS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(DeclaredTypes.SETTING, DeclaredTypes.EXPLANATION)));

    private static final SortedMap<String, String> SQL_SETTINGS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
                    "url",
                    "of JDBC, e.g. jdbc:postgresql://HOST/DB, without a password; its driver lies in the home's folder 'drivers'",
                    "query",
                    "one statement that reads, e.g. SELECT age, sex, ill FROM cohort ORDER BY id",
                    "credentials",
                    "a file with user=... and password=..., readable by its owner alone",
                    DeclaredTypes.SETTING,
                    DeclaredTypes.EXPLANATION)));

    private static final SortedMap<String, DatasetKind> KINDS = Collections.unmodifiableSortedMap(byName(
            new FilesKind(),
            new TableKind(
                    CSV,
                    "a table in a CSV or TSV file: a row is a sample",
                    false,
                    false,
                    TABLE_SETTINGS,
                    CsvFile::fingerprint,
                    CsvFile::describe,
                    CsvFile::read),
            new TableKind(
                    PARQUET,
                    "a table in a Parquet file: a row is a sample",
                    false,
                    true,
                    TABLE_SETTINGS,
                    ParquetFile::fingerprint,
                    ParquetFile::describe,
                    ParquetFile::read),
            new TableKind(
                    "table-folder",
                    "a folder of CSV and TSV files, or of Parquet files, with the same columns: one table",
                    true,
                    true,
                    TABLE_SETTINGS,
                    TableFolder::fingerprint,
                    TableFolder::describe,
                    TableFolder::read),
            new TableKind(
                    SQL,
                    "a query of a database, whose result the node keeps as a Parquet file; without a PATH",
                    false,
                    true,
                    SQL_SETTINGS,
                    ParquetFile::fingerprint,
                    ParquetFile::describe,
                    ParquetFile::read),
            new ArrayKind(
                    TENSORS,
                    "arrays of any shape in a safetensors file, samples first",
                    false,
                    false,
                    Collections.emptySortedMap(),
                    data -> TensorFile.open(data.path())),
            new ArrayKind(
                    "image-folder",
                    "a folder of images: one subfolder a class, or all in one beside a table of labels",
                    true,
                    true,
                    ImageFolder.SETTINGS,
                    data -> ImageFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "idx",
                    "a folder with images and labels in MNIST's IDX files, gzip or not",
                    true,
                    false,
                    IdxFolder.SETTINGS,
                    data -> IdxFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "medical-folder",
                    "a folder of subjects with NIfTI images of one or more modalities (BIDS and its like)",
                    true,
                    false,
                    MedicalFolder.SETTINGS,
                    data -> MedicalFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "dicom",
                    "a folder of DICOM files: each series a volume, or each file an image",
                    true,
                    true,
                    DicomFolder.SETTINGS,
                    data -> DicomFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "signals",
                    "a folder of recordings (EDF, BDF, WFDB): a sample is a window of their channels",
                    true,
                    false,
                    SignalFolder.SETTINGS,
                    data -> SignalFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "genotypes",
                    "a folder with a VCF file, and a table of phenotypes: a sample is its dosages",
                    true,
                    false,
                    GenotypeFolder.SETTINGS,
                    data -> GenotypeFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "fasta",
                    "a folder with a FASTA file, and a table of labels: a sample is a sequence",
                    true,
                    false,
                    FastaFolder.SETTINGS,
                    data -> FastaFolder.open(data.path(), data.settings())),
            new ArrayKind(
                    "expression",
                    "a folder with an expression matrix, and a table of phenotypes",
                    true,
                    false,
                    ExpressionFolder.SETTINGS,
                    data -> ExpressionFolder.open(data.path(), data.settings()))));

    private DatasetKinds() {}

    private static SortedMap<String, DatasetKind> byName(DatasetKind... kinds) {
        var byName = new TreeMap<String, DatasetKind>();
        for (var kind : kinds) {
            byName.put(kind.name(), kind);
        }
        return byName;
    }

    /**
     * The kind of that name.
     *
     * @throws FedbiomedException UNSUPPORTED naming the kinds that there are
     */
    public static DatasetKind get(String name) {
        var kind = KINDS.get(name);
        if (kind == null) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "there is no kind of dataset '" + Text.shown(name) + "'; known are "
                            + String.join(", ", KINDS.keySet()));
        }
        return kind;
    }

    public static boolean isKnown(String name) {
        return KINDS.containsKey(name);
    }

    /** By name. */
    public static Collection<DatasetKind> all() {
        return KINDS.values();
    }

    /**
     * Reads everything once, checks it, and says what may leave the node about it.
     *
     * @throws FedbiomedException UNSUPPORTED for a kind or a setting that is not known; DATA_UNFIT naming place and
     *     remedy, never a value; DATASET_CHANGED if there is nothing where it lies
     */
    public static DatasetContent describe(StoredDataset data) {
        return describe(data, ReadProgress.NONE);
    }

    /** As {@link #describe(StoredDataset)}, telling how far it is. */
    public static DatasetContent describe(StoredDataset data, ReadProgress progress) {
        var kind = checked(data);
        var plan = data.loadingPlan();
        return switch (kind) {
            case TableKind table when plan != null -> new LoadedTable(table, data, plan).describe(progress);
            default -> kind.describe(data, progress);
        };
    }

    /**
     * The fingerprint of {@link #describe}, by the files' bytes alone; empty where only who decodes them knows which
     * files are read.
     *
     * @throws FedbiomedException as {@link #describe}, where the files cannot be read
     */
    public static Optional<String> fingerprint(StoredDataset data) {
        var plan = data.loadingPlan();
        return checked(data).fingerprint(data).map(own -> plan == null ? own : plan.fingerprint(own));
    }

    /**
     * Opens a dataset of arrays, reading what is needed to know its shape.
     *
     * @throws FedbiomedException as {@link #describe}; DATA_UNFIT if it is a table
     */
    public static SampleSource open(StoredDataset data) {
        if (checked(data) instanceof ArrayKind kind) {
            return kind.open(data);
        }
        throw new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "a dataset of kind '" + data.kind() + "' is " + get(data.kind()).form() + ", and has no arrays");
    }

    /**
     * Reads some columns of a table into memory, all rows.
     *
     * @throws FedbiomedException as {@link #describe}; DATA_UNFIT if it is no table, or has no such column
     */
    public static Table read(StoredDataset data, List<String> columns) {
        return read(data, columns, TableSpace.inMemory());
    }

    /** As {@link #read(StoredDataset, List)}; the columns lie where {@code space} has room for them. */
    public static Table read(StoredDataset data, List<String> columns, TableSpace space) {
        if (checked(data) instanceof TableKind kind) {
            var plan = data.loadingPlan();
            return plan == null
                    ? kind.read(data, columns, space)
                    : new LoadedTable(kind, data, plan).read(columns, space);
        }
        throw new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "a dataset of kind '" + data.kind() + "' is no table, but "
                        + get(data.kind()).form());
    }

    /**
     * Its kind, which has the settings that it has, and a file or folder where it lies as the kind wants it.
     *
     * @throws FedbiomedException as {@link #describe}
     */
    public static DatasetKind checked(StoredDataset data) {
        var kind = get(data.kind());
        for (var setting : data.settings().keySet()) {
            if (!kind.knows(setting)) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "a dataset of kind '" + kind.name() + "' has no setting '" + Text.shown(setting) + "'; "
                                + (kind.settings().isEmpty()
                                        ? "it has none"
                                        : "known are "
                                                + String.join(
                                                        ", ", kind.settings().keySet())));
            }
        }
        var name = Text.shown(String.valueOf(data.path().getFileName()));
        if (!Files.exists(data.path())) {
            throw new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    name
                            + ": there is no such file or folder; restore it, or register the dataset again where it is now");
        }
        if (kind.isFolder() != Files.isDirectory(data.path())) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    name + " is a " + (kind.isFolder() ? "file" : "folder") + ", and a dataset of kind '" + kind.name()
                            + "' is " + kind.explanation());
        }
        return kind;
    }
}
