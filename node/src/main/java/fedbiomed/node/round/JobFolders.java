package fedbiomed.node.round;

import java.nio.file.Path;

/** Where jobs have their files while they run: each an empty folder of its own. */
public interface JobFolders {
    /** An empty one. */
    Path take();

    /** The job is over; nothing in it is needed any more. */
    void giveBack(Path folder);

    /** Made for the job in {@code work}, and removed after it. */
    static JobFolders in(Path work) {
        return new JobFolders() {
            @Override
            public Path take() {
                return WorkFolders.create(work, "job-");
            }

            @Override
            public void giveBack(Path folder) {
                WorkFolders.remove(folder);
            }
        };
    }
}
