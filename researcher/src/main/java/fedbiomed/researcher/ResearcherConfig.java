package fedbiomed.researcher;

import fedbiomed.protocol.home.Explained;
import fedbiomed.protocol.home.HomeConfig;
import java.time.Duration;

/** A researcher's {@code config.yaml}. */
public record ResearcherConfig(
        @Explained("How long 'datasets' and the start of an experiment wait for the nodes' answers.")
        Duration searchPatience,

        @Explained("How long a Network that is away is waited for, at the start and when models are moved.")
        Duration networkPatience) {
    static final ResearcherConfig DEFAULT = new ResearcherConfig(Duration.ofSeconds(10), Duration.ofMinutes(10));

    static HomeConfig<ResearcherConfig> file() {
        return HomeConfig.of("FEDBIOMED_RESEARCHER", DEFAULT);
    }
}
