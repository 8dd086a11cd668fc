"""NVFlare in its POC mode: a server and clients as processes with mutual TLS, provisioned, started and given a job as its
recipes do. The model is NumPy's; the clients' script receives it and sends it back.

A round goes from one arrival of the global model at the first client to the next.
"""
import os
import time
from importlib.metadata import version

from parties import Parties, arguments, named, report

CLIENT = '''
import sys
import time
import nvflare.client as flare

flare.init()
first = flare.get_site_name() == "site-1"
while flare.is_running():
    model = flare.receive()
    if model is None:
        break
    if first:
        with open(sys.argv[1], "a") as out:
            out.write(f"{time.time()}\\n")
    flare.send(flare.FLModel(params=model.params, metrics={"accuracy": 0.0}, meta={"NUM_STEPS_CURRENT_ROUND": 1}))
'''


def main():
    args = arguments()
    with Parties("nvflare", args.keep) as parties:
        os.environ["NVFLARE_POC_WORKSPACE"] = str(parties.folder / "poc")
        os.environ["HOME"] = str(parties.folder)
        import numpy as np
        from nvflare.app_common.np.recipes.fedavg import NumpyFedAvgRecipe
        from nvflare.recipe import PocEnv

        parties.servers = lambda: named(f"{parties.folder}/poc/example_project/prod_00/server")
        script, ends, model = (parties.folder / name for name in ("client.py", "ends", "model.npy"))
        script.write_text(CLIENT)
        np.save(model, np.random.default_rng(1).standard_normal(args.elements, np.float32))
        recipe = NumpyFedAvgRecipe(
            name="noop",
            initial_ckpt=str(model),
            min_clients=args.nodes,
            # the last arrival ends the last round but one, the first ends none
            num_rounds=args.rounds + 2,
            train_script=str(script),
            train_args=str(ends),
        )
        environment = PocEnv(num_clients=args.nodes)
        try:
            run = recipe.execute(environment)
            limit = time.monotonic() + args.patience
            while not (ends.exists() and ends.read_text().count("\n") >= args.rounds + 2):
                try:
                    status = str(run.get_status())
                except Exception as e:  # it may be too busy to answer; what counts are the rounds
                    status = f"not told: {e}"
                if time.monotonic() > limit or any(word in status for word in ("FINISHED", "FAILED", "ABORTED")):
                    count = ends.read_text().count("\n") if ends.exists() else 0
                    raise SystemExit(f"{count} rounds began, then the job's status was {status}")
                time.sleep(5)
            times = [float(end) for end in ends.read_text().split()]
            # the first round warms up
            report("NVFlare (POC)", version("nvflare"), args, times[1:], parties.peak_mib)
        finally:
            environment.stop(clean_up=False)


if __name__ == "__main__":
    main()
