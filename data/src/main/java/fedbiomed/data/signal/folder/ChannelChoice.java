package fedbiomed.data.signal.folder;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A channel of the windows.
 *
 * @param name by which the federation knows it
 * @param label by which the files have it
 */
record ChannelChoice(String name, String label) {
    /** Written {@code ECG I,ECG II}, or where a hospital's files have other labels {@code I=ECG I,II=ECG II}. */
    static List<ChannelChoice> parse(String setting) {
        var choices = new ArrayList<ChannelChoice>();
        for (var part : SignalSettings.list(setting)) {
            int equals = part.indexOf('=');
            choices.add(
                    equals < 0
                            ? new ChannelChoice(part, part)
                            : new ChannelChoice(
                                    part.substring(0, equals).strip(),
                                    part.substring(equals + 1).strip()));
        }
        var names = new HashSet<String>();
        for (var choice : choices) {
            if (choice.name.isEmpty() || choice.label.isEmpty() || !names.add(choice.name)) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        "the setting 'channels' is a list of labels, each once, such as ECG I,ECG II (or I=ECG I where the"
                                + " agreed name is another), not '" + Text.shown(setting) + "'");
            }
        }
        return List.copyOf(choices);
    }
}
