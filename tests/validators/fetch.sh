#!/usr/bin/env bash
# Fetches what the tests in this folder need into .validators at the root of the repository, about 105 MB:
#   sarif-2.1.0.json  the OASIS schema of SARIF, from the npm package @microsoft/jest-sarif
#   multitool/        Microsoft's SARIF validator with GitHub's rules, from @microsoft/sarif-multitool-linux
#   junit-10.xsd      Jenkins's schema of JUnit XML, from pytest's source distribution
# Needs npm, and python with pip (PYTHON, else the one of .venv). xmllint comes from the system.
# With VALIDATORS=required in the environment the tests fail, instead of being skipped, where one is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p .validators
echo '*' > .validators/.gitignore

npm pack --silent --pack-destination "$work" @microsoft/jest-sarif@1.0.0-beta.0 > /dev/null
tar -xzf "$work"/microsoft-jest-sarif-*.tgz -C "$work"
cp "$work/package/lib/schemas/sarif-2.1.0-rtm.5.json" .validators/sarif-2.1.0.json

npm pack --silent --pack-destination "$work" @microsoft/sarif-multitool-linux@5.7.0 > /dev/null
rm -rf .validators/multitool
mkdir .validators/multitool
tar -xzf "$work"/microsoft-sarif-multitool-linux-*.tgz -C .validators/multitool --strip-components=1
chmod u+x .validators/multitool/Sarif.Multitool

"$python" -m pip download --quiet --no-deps --no-binary :all: --dest "$work" pytest==9.0.2
tar -xzf "$work"/pytest-*.tar.gz -C "$work" --strip-components=1 --wildcards '*/testing/example_scripts/junit-10.xsd'
cp "$work/testing/example_scripts/junit-10.xsd" .validators/junit-10.xsd

if ! command -v xmllint > /dev/null; then
  echo 'xmllint is missing: install libxml2-utils (Debian, Ubuntu) or libxml2 (Homebrew, Fedora).' >&2
  exit 1
fi
echo 'The validators are in .validators.'
