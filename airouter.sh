#!/usr/bin/env bash
# First version: builds and runs the tests.
set -euo pipefail
cd "$(dirname "$0")"
dotnet run --project AiRouter.Tests -c Release
