package fedbiomed.training.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.vocabulary.ErrorCode;

/** What {@link DescriptionMain} says: any number of {@link Progress}, then one {@link Done} or {@link Failed}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DescriptionReply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = DescriptionReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = DescriptionReply.Failed.class, name = "failed")
})
public sealed interface DescriptionReply {
    /** So many of all samples were read. */
    record Progress(long done, long samples) implements DescriptionReply {}

    record Done(DatasetContent content) implements DescriptionReply {}

    /**
     * @param text for the data manager: names files and places in them, never a value
     * @param detail for the node's own log alone
     */
    record Failed(ErrorCode code, String text, String detail) implements DescriptionReply {}
}
