"""Fed-BioMed (Python): a component and a process a node, made with its commands, and a researcher as a program of its own.

A round is one call of the experiment's run_once. A training step is one batch of 16 rows with learning rate 0. Plans need
no approval, and secure aggregation is not asked for: its defaults.
"""
import json
import os
import sys
from importlib.metadata import version

from parties import Parties, arguments, free_port, report, sizes, tool

RESEARCHER = '''
import sys
import time

import torch
from fedbiomed.common.dataset import TabularDataset
from fedbiomed.common.datamanager import DataManager
from fedbiomed.common.training_plans import TorchTrainingPlan
from fedbiomed.researcher.aggregators import FedAverage
from fedbiomed.researcher.federated_workflows import Experiment
from fedbiomed.researcher.strategies.default_strategy import DefaultStrategy


class NoOpPlan(TorchTrainingPlan):
    class Net(torch.nn.Module):
        def __init__(self, sizes):
            super().__init__()
            self.parts = torch.nn.ParameterList(torch.nn.Parameter(torch.randn(size)) for size in sizes)

        def forward(self, x):
            return x.sum() * 0 + sum(part.sum() for part in self.parts)

    def init_dependencies(self):
        return [
            "import torch",
            "from fedbiomed.common.dataset import TabularDataset",
            "from fedbiomed.common.datamanager import DataManager",
        ]

    def init_model(self, model_args):
        return self.Net(model_args["sizes"])

    def init_optimizer(self, optimizer_args):
        return torch.optim.SGD(self.model().parameters(), lr=optimizer_args["lr"])

    def training_data(self):
        return DataManager(dataset=TabularDataset(input_columns=["a", "b", "c", "d"], target_columns=["y"]))

    def training_step(self, data, target):
        return self.model().forward(data)


def main():
    nodes, rounds, ends = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    experiment = None
    while experiment is None or len(experiment.training_data().data()) < nodes:
        # nodes turn up one by one
        time.sleep(2)
        experiment = Experiment(
            tags=["rows"],
            training_plan_class=NoOpPlan,
            model_args={"sizes": [int(size) for size in sys.argv[4:]]},
            training_args={"loader_args": {"batch_size": 16}, "optimizer_args": {"lr": 0.0}, "num_updates": 1},
            round_limit=rounds,
            aggregator=FedAverage(),
            node_selection_strategy=DefaultStrategy(),
            retain_full_history=False,
        )
        print("nodes:", len(experiment.training_data().data()), flush=True)
    for _ in range(rounds):
        experiment.run_once()
        with open(ends, "a") as out:
            out.write(f"{time.time()}\\n")


if __name__ == "__main__":
    main()
'''


def main():
    args = arguments()
    with Parties("fedbiomed", args.keep) as parties:
        folder = parties.folder
        environment = os.environ | {"FBM_RESEARCHER_PORT": str(free_port()), "OMP_NUM_THREADS": "1"}
        environment["FBM_SERVER_PORT"] = environment["FBM_RESEARCHER_PORT"]
        rows, described = folder / "rows.csv", folder / "rows.json"
        rows.write_text("a,b,c,d,y\n" + "".join(f"1.5,2.5,3.5,{i},{i % 7}\n" for i in range(100)))
        described.write_text(json.dumps(
            {"path": str(rows), "data_type": "csv", "description": "rows", "tags": "rows", "name": "rows"}))
        fedbiomed, home = tool("fedbiomed"), folder / "researcher"
        parties.run(fedbiomed, "component", "create", "--component", "RESEARCHER", "--path", str(home), env=environment)
        for i in range(args.nodes):
            node = str(folder / f"node-{i}")
            parties.run(fedbiomed, "component", "create", "--component", "NODE", "--path", node, "--name", f"node {i}",
                        env=environment)
            parties.run(fedbiomed, "node", "--path", node, "dataset", "add", "--file", str(described), env=environment)
        script, ends = folder / "researcher.py", folder / "ends"
        script.write_text(RESEARCHER)
        researcher = parties.start(
            "researcher", sys.executable, str(script), str(args.nodes), str(args.rounds + 1), str(ends),
            *map(str, sizes(args.elements)), server=True, cwd=folder,
            env=environment | {"FBM_RESEARCHER_COMPONENT_ROOT": str(home)})
        nodes = [
            parties.start(f"node-{i}", fedbiomed, "node", "--path", str(folder / f"node-{i}"), "start", env=environment)
            for i in range(args.nodes)
        ]
        done = lambda: ends.exists() and ends.read_text().count("\n") > args.rounds
        parties.wait(done, f"{args.rounds + 1} rounds", args.patience, researcher, *nodes)
        report("Fed-BioMed (Python)", version("fedbiomed"), args, [float(end) for end in ends.read_text().split()],
               parties.peak_mib)


if __name__ == "__main__":
    main()
