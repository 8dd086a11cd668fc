package fedbiomed.data.genomics;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.SortedMap;

/** A setting that is one of few words. */
final class Choice {
    private Choice() {}

    /**
     * @param words the first is that of an absent setting
     * @throws FedbiomedException DATA_UNFIT naming the words
     */
    static String of(SortedMap<String, String> settings, String setting, String... words) {
        var value = settings.getOrDefault(setting, words[0]);
        if (!List.of(words).contains(value)) {
            throw unfit("the setting '" + setting + "' is " + String.join(" or ", words) + ", not '" + Text.shown(value)
                    + "'");
        }
        return value;
    }

    static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
