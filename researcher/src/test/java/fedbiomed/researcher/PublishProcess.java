package fedbiomed.researcher;

import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A researcher's program of its own: publishes a model, and withdraws it when something stands in its input. */
final class PublishProcess {
    private PublishProcess() {}

    /** @param args the researcher's home, the model, the node that it is for */
    public static void main(String[] args) throws IOException {
        try (var researcher = Researcher.open(Path.of(args[0]))) {
            var model = Path.of(args[1]);
            var publication = researcher
                    .published()
                    .publish(model, ParameterStoreClient.reference(model), List.of(PartyId.of(args[2])));
            System.out.println("published");
            if (System.in.read() >= 0) {
                publication.withdraw();
                System.out.println("withdrawn");
            }
        }
        System.exit(0);
    }
}
