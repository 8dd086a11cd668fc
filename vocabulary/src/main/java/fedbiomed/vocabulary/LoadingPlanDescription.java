package fedbiomed.vocabulary;

import java.util.List;

/**
 * What a node tells about the loading plan under which a dataset is read; the node's own names and values are not told.
 *
 * @param mapped agreed names of columns or arrays that have another name at the node
 * @param recoded agreed names of columns whose values are written otherwise at the node
 */
public record LoadingPlanDescription(String name, List<String> mapped, List<String> recoded) {
    public LoadingPlanDescription {
        mapped = List.copyOf(mapped);
        recoded = List.copyOf(recoded);
    }
}
