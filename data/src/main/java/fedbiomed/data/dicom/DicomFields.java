package fedbiomed.data.dicom;

import fedbiomed.data.tabular.SampleTable;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The header fields that a data manager makes columns: those of {@link DicomAttribute} alone. */
record DicomFields(List<DicomAttribute> attributes) {
    /** What tells who, when or where, by the words of its keyword; to say so, since all that is not listed is refused. */
    private static final Pattern IDENTIFYING = Pattern.compile(".*(Name|ID|IDs|UID|Date|Time|DateTime|Number|Address"
            + "|Physician.*|Institution.*|Operator.*|Accession.*|Telephone.*|Comments|Description|Station.*|Serial.*"
            + "|Birth.*|Occupation|History|Religious.*|EthnicGroup|Requesting.*|Referring.*)");

    DicomFields {
        attributes = List.copyOf(attributes);
    }

    /**
     * @param text keywords of the standard, by commas
     * @throws FedbiomedException DATA_UNFIT for one that is not on the list
     */
    static DicomFields parse(String setting, String text) {
        var attributes = new ArrayList<DicomAttribute>();
        for (var part : text.split(",", -1)) {
            var keyword = part.strip();
            var attribute = Arrays.stream(DicomAttribute.values())
                    .filter(known -> known.keyword().equals(keyword))
                    .findFirst()
                    .orElseThrow(() -> unknown(setting, keyword));
            if (attributes.contains(attribute)) {
                throw unfit("the setting '" + setting + "' names " + keyword + " twice; leave one");
            }
            attributes.add(attribute);
        }
        return new DicomFields(attributes);
    }

    private static FedbiomedException unknown(String setting, String keyword) {
        var known = Arrays.stream(DicomAttribute.values())
                .map(DicomAttribute::keyword)
                .collect(Collectors.joining(", "));
        return unfit("the setting '" + setting + "' names '" + Text.shown(keyword) + "', which "
                + (IDENTIFYING.matcher(keyword).matches()
                        ? "may tell who a patient is, when or where: it is never read"
                        : "is not on the list of fields that may be columns")
                + "; these may: " + known);
    }

    /**
     * A column a field, called by its keyword: numbers F64, an age in years; others text.
     *
     * @param headers of the samples
     */
    SampleTable table(List<Map<DicomAttribute, String>> headers) {
        var table = SampleTable.none();
        for (var attribute : attributes) {
            table = table.with(column(attribute, headers), "the setting 'fields'");
        }
        return table;
    }

    private static SampleTable column(DicomAttribute attribute, List<Map<DicomAttribute, String>> headers) {
        if (!attribute.isNumber()) {
            var texts = new @Nullable String[headers.size()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = headers.get(i).get(attribute);
            }
            return SampleTable.of(attribute.keyword(), texts);
        }
        return SampleTable.of(
                attribute.keyword(),
                headers.stream()
                        .mapToDouble(
                                header -> DicomHeader.number(attribute, header).orElse(Double.NaN))
                        .toArray());
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
