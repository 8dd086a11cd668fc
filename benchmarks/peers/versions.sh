# Sourced: where the peers' environments are, and what is in them. PyTorch is of the version that the torch engine brings.
PEERS=${FEDBIOMED_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/fedbiomed-peers}
PEERS_PYTHON=${PEERS_PYTHON:-python3.11}
declare -A PACKAGES=(
  [training]="torch==2.10.0 scikit-learn==1.9.1 numpy"
  [flower]="flwr==1.42.0 numpy"
  [fedbiomed]="fedbiomed[researcher]==6.4.1"
  [nvflare]="nvflare==2.9.0 numpy"
)
