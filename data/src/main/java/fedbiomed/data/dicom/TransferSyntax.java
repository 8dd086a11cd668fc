package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Map;

/** How a file is encoded (PS3.5 section 10): those that are read, and the names of those that are refused (PS3.6 annex A). */
public enum TransferSyntax {
    IMPLICIT_VR_LITTLE_ENDIAN("1.2.840.10008.1.2", "Implicit VR Little Endian"),
    EXPLICIT_VR_LITTLE_ENDIAN("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
    JPEG_BASELINE("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)"),
    RLE_LOSSLESS("1.2.840.10008.1.2.5", "RLE Lossless");

    private static final String STANDARD = "1.2.840.10008.1.2.";

    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
            Map.entry("1.99", "Deflated Explicit VR Little Endian"),
            Map.entry("2", "Explicit VR Big Endian"),
            Map.entry("4.51", "JPEG Extended (Process 2 and 4)"),
            Map.entry("4.57", "JPEG Lossless, Non-Hierarchical (Process 14)"),
            Map.entry("4.70", "JPEG Lossless, Non-Hierarchical, First-Order Prediction"),
            Map.entry("4.80", "JPEG-LS Lossless"),
            Map.entry("4.81", "JPEG-LS Lossy (Near-Lossless)"),
            Map.entry("4.90", "JPEG 2000 (Lossless Only)"),
            Map.entry("4.91", "JPEG 2000"),
            Map.entry("4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)"),
            Map.entry("4.93", "JPEG 2000 Part 2 Multi-component"),
            Map.entry("4.94", "JPIP Referenced"),
            Map.entry("4.95", "JPIP Referenced Deflate"),
            Map.entry("4.100", "MPEG2 Main Profile / Main Level"),
            Map.entry("4.100.1", "Fragmentable MPEG2 Main Profile / Main Level"),
            Map.entry("4.101", "MPEG2 Main Profile / High Level"),
            Map.entry("4.101.1", "Fragmentable MPEG2 Main Profile / High Level"),
            Map.entry("4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
            Map.entry("4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1"),
            Map.entry("4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
            Map.entry("4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
            Map.entry("4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video"),
            Map.entry("4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video"),
            Map.entry("4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video"),
            Map.entry("4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video"),
            Map.entry("4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"),
            Map.entry("4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"),
            Map.entry("4.107", "HEVC/H.265 Main Profile / Level 5.1"),
            Map.entry("4.108", "HEVC/H.265 Main 10 Profile / Level 5.1"),
            Map.entry("4.110", "JPEG XL Lossless"),
            Map.entry("4.111", "JPEG XL JPEG Recompression"),
            Map.entry("4.112", "JPEG XL"),
            Map.entry("4.201", "High-Throughput JPEG 2000 (Lossless Only)"),
            Map.entry("4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)"),
            Map.entry("4.203", "High-Throughput JPEG 2000"),
            Map.entry("4.204", "JPIP HTJ2K Referenced"),
            Map.entry("4.205", "JPIP HTJ2K Referenced Deflate"),
            Map.entry("7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video"),
            Map.entry("7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video"),
            Map.entry("7.3", "SMPTE ST 2110-30 PCM Digital Audio"),
            Map.entry("8.1", "Deflated Image Frame Compression"));

    private final String uid;
    private final String title;

    TransferSyntax(String uid, String title) {
        this.uid = uid;
        this.title = title;
    }

    /** The standard's name. */
    @Override
    public String toString() {
        return title;
    }

    /** Whether each data element says what its value representation (VR) is. */
    boolean isExplicit() {
        return this != IMPLICIT_VR_LITTLE_ENDIAN;
    }

    /** Whether pixel data come as fragments, each frame compressed for itself. */
    boolean isEncapsulated() {
        return this == JPEG_BASELINE || this == RLE_LOSSLESS;
    }

    /** @throws FedbiomedException DATA_UNFIT naming the syntax, if it is another one */
    static TransferSyntax of(String uid, VolumeProblem problem) {
        for (var syntax : values()) {
            if (syntax.uid.equals(uid)) {
                return syntax;
            }
        }
        var name = uid.startsWith(STANDARD) ? REFUSED.get(uid.substring(STANDARD.length())) : null;
        // another text is not repeated: who knows what a damaged file has there
        throw problem.of("its transfer syntax is " + (name == null ? "none of the standard's" : name + " (" + uid + ")")
                + ", which is not read; convert it to Explicit VR Little Endian (dcmtk: dcmconv +te, dcmdjpeg;"
                + " GDCM: gdcmconv --raw)");
    }
}
