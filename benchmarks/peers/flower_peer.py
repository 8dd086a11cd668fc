"""Flower: a SuperLink and SuperNodes (--insecure) as processes, an app that `flwr run` submits.

A round ends when the strategy has aggregated it. The clients make NumPy arrays of the model and send them back.
"""
import os
import pathlib
from importlib.metadata import version

from parties import Parties, arguments, free_port, report, sizes, tool

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "noop"
version = "1.0.0"
dependencies = ["flwr"]

[tool.hatch.build.targets.wheel]
packages = ["."]

[tool.flwr.app]
publisher = "benchmark"

[tool.flwr.app.components]
serverapp = "noop.server:app"
clientapp = "noop.client:app"

[tool.flwr.app.config]
nodes = {nodes}
rounds = {rounds}
sizes = "{sizes}"
ends = "{ends}"
"""

SERVER = '''
import time
import numpy as np
from flwr.app import ArrayRecord
from flwr.serverapp import ServerApp
from flwr.serverapp.strategy import FedAvg

app = ServerApp()


class Timed(FedAvg):
    ends = None

    def aggregate_train(self, server_round, replies):
        aggregated = super().aggregate_train(server_round, replies)
        with open(self.ends, "a") as out:
            out.write(f"{time.time()}\\n")
        return aggregated


@app.main()
def main(grid, context):
    config = context.run_config
    nodes = config["nodes"]
    strategy = Timed(fraction_train=1.0, fraction_evaluate=0.0, min_train_nodes=nodes, min_available_nodes=nodes)
    strategy.ends = config["ends"]
    random = np.random.default_rng(1)
    model = ArrayRecord([random.standard_normal(int(size), np.float32) for size in config["sizes"].split()])
    strategy.start(grid=grid, initial_arrays=model, num_rounds=config["rounds"])
'''

CLIENT = '''
from flwr.app import ArrayRecord, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp

app = ClientApp()


@app.train()
def train(message, context):
    model = message.content["arrays"].to_numpy_ndarrays()
    content = RecordDict({"arrays": ArrayRecord(model), "metrics": MetricRecord({"num-examples": 16})})
    return Message(content=content, reply_to=message)
'''


def main():
    args = arguments()
    with Parties("flower", args.keep) as parties:
        home = parties.folder / "home"
        app = parties.folder / "app"
        ends = parties.folder / "ends"
        (app / "noop").mkdir(parents=True)
        home.mkdir()
        (app / "pyproject.toml").write_text(PROJECT.format(
            nodes=args.nodes, rounds=args.rounds + 1, sizes=" ".join(map(str, sizes(args.elements))), ends=ends))
        (app / "noop" / "__init__.py").write_text("")
        (app / "noop" / "server.py").write_text(SERVER)
        (app / "noop" / "client.py").write_text(CLIENT)
        port = free_port()
        (home / "config.toml").write_text(
            f'[superlink]\ndefault = "here"\n\n[superlink.here]\naddress = "127.0.0.1:{port}"\ninsecure = true\n')
        environment = os.environ | {
            "FLWR_HOME": str(home),
            "FLWR_TELEMETRY_ENABLED": "0",
            "PATH": f"{pathlib.Path(tool('x')).parent}:{os.environ['PATH']}",
        }
        link = parties.start("superlink", tool("flower-superlink"), "--insecure", "--host", "127.0.0.1", "--port",
                             str(port), "--disable-runtime-dependency-installation", server=True, env=environment)
        parties.wait(lambda: str(port) in parties.log("superlink"), "the SuperLink starts", 60, link)
        nodes = [
            parties.start(f"supernode-{i}", tool("flower-supernode"), "--insecure", "--superlink", f"127.0.0.1:{port}",
                          "--host", "127.0.0.1", "--port", str(free_port()), env=environment)
            for i in range(args.nodes)
        ]
        parties.run(tool("flwr"), "run", str(app), "here", env=environment, cwd=app)
        done = lambda: ends.exists() and ends.read_text().count("\n") > args.rounds
        parties.wait(done, f"{args.rounds + 1} rounds", args.patience, link, *nodes)
        report("Flower", version("flwr"), args, [float(end) for end in ends.read_text().split()], parties.peak_mib)


if __name__ == "__main__":
    main()
