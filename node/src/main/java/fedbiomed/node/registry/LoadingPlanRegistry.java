package fedbiomed.node.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.time.Clock;
import java.util.List;

/**
 * The loading plans that the data manager has saved under their names. A dataset keeps the plan with which it was added:
 * to save another under that name, or to remove it, changes no dataset.
 */
public final class LoadingPlanRegistry {
    private final NodeDatabase database;
    private final Clock clock;

    public LoadingPlanRegistry(NodeDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @throws FedbiomedException POLICY if another plan is saved under that name */
    public void add(LoadingPlan plan) {
        database.change(handle -> {
            var there = handle.createQuery("SELECT plan FROM loading_plan WHERE name = ?")
                    .bind(0, plan.name())
                    .mapTo(String.class)
                    .findOne();
            if (there.isPresent() && !plan(there.get()).equals(plan)) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        "another loading plan is saved as '" + plan.name()
                                + "'; give this one another name, or remove that one first (the datasets that were added"
                                + " with it stay as they are): fedbiomed node loading-plan remove " + plan.name());
            }
            handle.execute(
                    "INSERT OR IGNORE INTO loading_plan (name, plan, added) VALUES (?, ?, ?)",
                    plan.name(),
                    Json.text(plan),
                    clock.millis());
        });
    }

    /** By name. */
    public List<LoadingPlan> list() {
        return database.transaction(handle -> handle.createQuery("SELECT plan FROM loading_plan ORDER BY name")
                .mapTo(String.class)
                .map(LoadingPlanRegistry::plan)
                .list());
    }

    /** @throws FedbiomedException DATA_UNFIT naming those that there are */
    public LoadingPlan get(String name) {
        return list().stream()
                .filter(plan -> plan.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** @throws FedbiomedException DATA_UNFIT naming those that there are */
    public void remove(String name) {
        if (database.transaction(handle -> handle.execute("DELETE FROM loading_plan WHERE name = ?", name)) == 0) {
            throw unknown(name);
        }
    }

    private FedbiomedException unknown(String name) {
        var known = list().stream().map(LoadingPlan::name).toList();
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "no loading plan is saved as '" + Text.shown(name) + "'; "
                        + (known.isEmpty()
                                ? "none is saved. Save one with 'fedbiomed node loading-plan add FILE'"
                                : "there are " + String.join(", ", known)));
    }

    private static LoadingPlan plan(String json) {
        return Kept.read(json, new TypeReference<LoadingPlan>() {});
    }
}
