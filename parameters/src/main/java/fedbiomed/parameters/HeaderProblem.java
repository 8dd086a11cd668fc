package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;

/** How a file that is not valid safetensors is reported: by its name, and what is wrong with it. */
record HeaderProblem(Path file) {
    FedbiomedException of(String what) {
        return new FedbiomedException(ErrorCode.BAD_MESSAGE, text(what));
    }

    FedbiomedException of(String what, Exception cause) {
        return new FedbiomedException(ErrorCode.BAD_MESSAGE, text(what), cause);
    }

    FedbiomedException ofTensor(String name, String what) {
        return of("tensor '" + Text.shown(name) + "' " + what);
    }

    private String text(String what) {
        return file.getFileName() + " is not a safetensors file that can be read: " + what
                + "; write or fetch it again";
    }
}
