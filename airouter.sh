#!/usr/bin/env bash
# The front door of this repository: ./airouter.sh run | publish | import | test | bench | demo | soak | bulkhead | audit. ./airouter.sh --help says more.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# No build server outlives this script.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

help() {
  cat <<'TEXT'
AiRouter: an OpenAI-compatible router in front of NVIDIA Triton and OpenAI-compatible backends.

  ./airouter.sh run [OPTIONS]    builds and runs the router, its store and Admin; Ctrl-C stops everything
      --config FILE              this file rules the configuration (default: the store has it, and began with a copy of airouter.yaml)
      --seed FILE                a new store begins with this file instead
      --triton URL               use the Triton at this gRPC address, with all its models
      --triton simulator         use the simulator (the default, unless a container can run: below)
      --redis CONNECTION         use this Redis, as in 'redis-1:6379,password=…'
      --redis embedded           use the embedded store (likewise)
      --data DIR                 where state is kept (default .airouter/data)
      --port N                   the router's port (default 3000)
      --listen ADDR              the address that the router listens on (default 127.0.0.1); Admin and the store stay on loopback
      --admin-port N             the port of Admin, its pages and its management API (default 3001)
      --redis-port N             the store's port (default 3002)
      --triton-port N            the port of the simulator or the container (default 8001)
   With Aspire, and Docker or Podman:
      --redis container          use Redis in a container (the default)
      --triton container         use NVIDIA's container (the default with an NVIDIA GPU and a model repository)
      --models DIR               the model repository that it serves (default ./models, when that has something in it)
      --triton-tag TAG           another tag of NVIDIA's image
  ./airouter.sh publish TARGET [OPTIONS]
                                 writes what TARGET needs into artifacts/TARGET; needs Aspire (docs/deploy/aspire.md has the options)
      kubernetes                 a Helm chart
      compose                    a file for Docker Compose, for one machine
      aca                        Bicep for Azure Container Apps
  ./airouter.sh import FILE [OPTIONS]
                                 prints a configuration made of LiteLLM's, Bifrost's or the original ai-router's, and tells on standard
                                 error what has no equivalent (docs/coming-from/litellm.md, bifrost.md, ai-router.md)
      --from PRODUCT             whose file it is: litellm, bifrost or toverainc (default: as it looks)
      --keys FILE                client keys out of LiteLLM's database, as JSON
  ./airouter.sh test [FILTER]    builds and runs all tests, or those of a filter, as in: -namespace 'AiRouter.Tests.AppHost*'
  ./airouter.sh test --native [FILTER]
                                 compiles the router ahead of time, and runs the tests that start it as a process of its own
  ./airouter.sh bench [WORKLOAD…] [OPTIONS]
                                 what a request costs beside nginx, measured side by side (Linux, two cores); all workloads take half an hour
      --rounds N, --seconds S    how often each is measured (default 5), and how long (default 3)
      --router LABEL=DIR         this build of the router instead of the checkout's; several are compared
      --limits memory|redis      where limits are kept; docs/benchmarks.md has more options and the workloads
  ./airouter.sh demo             two simulated Tritons, one of which is killed under load: what clients see is counted
  ./airouter.sh soak [OPTIONS]   everything that can fail, at once, for minutes: nothing may be wrong at the end
      --minutes N, --rate R      how long (default 15), and requests a second (default 100)
      --seed N, --json FILE      of what is asked and what fails (default 1); the figures as JSON
  ./airouter.sh bulkhead         what 500 requests that hang at one backend do to those at another
  ./airouter.sh audit            looks for known vulnerabilities in all packages, as far as the feeds know any
  ./airouter.sh --help           this text

Needs the .NET 10 SDK. README.md and CONTRIBUTING.md say more.
TEXT
}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'airouter.sh: %s\n' "$*" >&2
  exit 1
}

require_sdk() {
  local found=none where='https://dotnet.microsoft.com/download/dotnet/10.0'
  if command -v dotnet >/dev/null 2>&1; then
    # In the repository's folder, so that global.json decides which SDK will do.
    if (cd "$root" && dotnet --version) >/dev/null 2>&1; then return; fi
    found=$(cd / && dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -) || true
  fi
  fail "the .NET 10 SDK is needed and was not found (installed SDKs: ${found:-none}); get it from $where"
}

# Runs a command with a limit in seconds, where the system has one (macOS has not).
limited() {
  local seconds=$1
  shift
  if command -v timeout >/dev/null 2>&1; then timeout --foreground --kill-after=10 "$seconds" "$@"; else "$@"; fi
}

# Finds out whether the package feed has Aspire, and writes the answer into feed.props, which Directory.Build.props imports.
# A sure answer holds for an hour: feeds do not change more often.
detect_feed() {
  local props="$root/feed.props"
  if [[ -n $(find "$props" -mmin -60 2>/dev/null) ]] && ! grep -q 'not sure' "$props"; then
    tell_feed
    return
  fi

  local probe="$root/artifacts/feed-probe" version references output
  version=$(sed -n 's/.*Include="Aspire.Hosting.AppHost" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
  # All of them: the AppHost is built with all or without.
  references=$(sed -n 's/.*<PackageVersion \(Include="Aspire\.[^>]*\)/    <PackageReference \1/p' "$root/Directory.Packages.props")
  mkdir -p "$probe"
  cat >"$probe/probe.csproj" <<XML
<Project>
  <PropertyGroup>
    <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
    <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
  </PropertyGroup>
  <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
$references
    <PackageDownload Include="Aspire.AppHost.Sdk" Version="[$version]" />
  </ItemGroup>
  <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
</Project>
XML
  if output=$(cd "$root" && limited 300 dotnet restore "$probe/probe.csproj" --nologo -v q 2>&1); then
    write_feed false "Aspire $version restores"
  elif grep -qE 'NU1101|NU1102|NU1103' <<<"$output"; then
    write_feed true "Aspire $version is not on the package feed"
  else
    write_feed true "not sure: the package feed did not answer"
    grep -E 'error|warn' <<<"$output" | sort -u | head -n 3 >&2 || true
  fi
  tell_feed
}

write_feed() {
  cat >"$root/feed.props" <<XML
<Project>
  <!-- Written by airouter.sh, asked again after an hour: $2. -->
  <PropertyGroup>
    <WithoutAspire>$1</WithoutAspire>
  </PropertyGroup>
</Project>
XML
}

with_aspire() { grep -q '<WithoutAspire>false<' "$root/feed.props"; }

tell_feed() {
  local found
  found=$(sed -n 's/.*asked again after an hour: \(.*\)\. -->/\1/p' "$root/feed.props")
  if with_aspire; then
    say "Package feed: $found; the AppHost is built with Aspire."
  else
    say "Package feed: $found; the AppHost is built without it and starts the same processes itself."
  fi
}

# Builds a project or the solution, with what it needs.
build() {
  local log="$root/artifacts/build.log" started=$SECONDS
  mkdir -p "$root/artifacts"
  say 'Building (Release); the first time this takes a minute or more …'
  if ! (cd "$root" && dotnet build "$1" -c Release --nologo -v q -p:UseSharedCompilation=false) >"$log" 2>&1; then
    if grep -qE ': (error|fatal)' "$log"; then
      grep -E ': (error|fatal)' "$log" | sort -u | head -n 40 >&2
    else
      tail -n 40 "$log" >&2
    fi
    return 1
  fi
  say "Built in $((SECONDS - started)) s."
}

# What the tests need beside the SDK: a test whose need is not met is skipped.
python_with_grpc() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import grpc, google.protobuf' >/dev/null 2>&1; then
      say "$python"
      return
    fi
  done
  return 1
}

install_test_needs() {
  local packages=() skipped=()
  if ! python_with_grpc >/dev/null; then
    packages+=(python3 python3-grpcio python3-protobuf)
    skipped+=('the gRPC client against a server in Python')
  fi
  if ! command -v node >/dev/null 2>&1; then packages+=(nodejs); fi
  if ! command -v npm >/dev/null 2>&1; then packages+=(npm); fi
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then skipped+=('the clients for Node'); fi

  if ! command -v jq >/dev/null 2>&1; then
    packages+=(jq)
    skipped+=('the examples for curl')
  fi

  if ! command -v redis-server >/dev/null 2>&1; then
    packages+=(redis-server)
    skipped+=('the store on a real Redis')
  fi

  if ! command -v chromium >/dev/null 2>&1 && ! command -v chromium-browser >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then
    packages+=(chromium)
    skipped+=('the pages of Admin in a browser')
  fi
  if ! command -v prometheus >/dev/null 2>&1 || ! command -v promtool >/dev/null 2>&1; then
    packages+=(prometheus)
    skipped+=('the metrics in a real Prometheus')
  fi

  if ! command -v ffmpeg >/dev/null 2>&1; then
    packages+=(ffmpeg)
    skipped+=('the sound files that ffmpeg decodes')
  fi

  if ((${#packages[@]} > 0)) && ! install_packages "${packages[@]}"; then
    say "Not installed: ${packages[*]} (on Debian and Ubuntu, as root: apt-get install ${packages[*]})."
    printf 'Skipped without them: %s.\n' "${skipped[@]}"
  fi
  install_node_packages
  install_python_packages
  AIROUTER_TEST_PYTHON=$(python_with_grpc) && export AIROUTER_TEST_PYTHON
  return 0
}

install_packages() {
  local as_root=()
  command -v apt-get >/dev/null 2>&1 || return 1
  if [[ $(id -u) -ne 0 ]]; then
    if [[ ${CI:-} != true ]] || ! sudo -n true 2>/dev/null; then return 1; fi
    as_root=(sudo -n)
  fi
  say "Installing $* …"
  local log="$root/artifacts/apt.log"
  mkdir -p "$root/artifacts"
  if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    return 1
  fi
}

# The folders with packages of npm: clients of the tests, and the examples.
node_folders=(AiRouter.Tests/Clients/node AiRouter.Tests/Clients/dialects clients/node clients/langchain)

install_node_packages() {
  local folder
  command -v npm >/dev/null 2>&1 || return 0
  for folder in "${node_folders[@]}"; do
    # npm writes the first file last, so an older one means an install that is out of date or was cut off.
    [[ $root/$folder/node_modules/.package-lock.json -nt $root/$folder/package-lock.json ]] && continue
    say "Installing the npm packages of $folder …"
    if ! limited 300 npm ci --prefix "$root/$folder" --no-audit --no-fund --loglevel=error >&2; then
      say "npm ci failed in $folder: its tests are skipped."
    fi
  done
}

# For the examples in Python: an environment of their own each, where pip can reach its index, which it is asked in passing.
install_python_packages() {
  local folder python
  for folder in clients/python clients/langchain; do
    python="$root/$folder/.venv/bin/python"
    [[ -x $python ]] && "$python" -c 'import openai' >/dev/null 2>&1 && continue
    if ! limited 120 python3 -m pip install --dry-run --ignore-installed --quiet --retries 0 --timeout 15 \
      -r "$root/$folder/requirements.txt" >/dev/null 2>&1; then
      say "pip cannot get the packages of $folder/requirements.txt: the examples in Python are not run."
      return
    fi
    say "Installing the Python packages of $folder …"
    if ! { python3 -m venv "$root/$folder/.venv" &&
      limited 300 "$python" -m pip install --quiet -r "$root/$folder/requirements.txt"; } >&2; then
      rm -rf "${root:?}/$folder/.venv"
      say "pip failed in $folder: its tests are skipped."
    fi
  done
}

# The totals come from the runner's report. A run that crashed leaves none, and one that ran nothing is a failure too.
# They start the router as a process, and know its address and its output only.
native_tests=()
for class in WholeRouterTests ServeTests StoredServeTests ManagedRoutersTests LeakTests ProcessTelemetryTests MetricsOverOtlpTests \
  BoundedLabelsTests AccessLogTests TelemetryOffTests ShutdownTests StopFlushTests MeteredProcessTests TritonStreamTests; do
  native_tests+=(-class "*.$class")
done

# What the image has in it (docs/adr/0034-compiled-ahead-of-time.md), in a folder of its own: tests run what this variable names.
publish_native() {
  local log="$root/artifacts/native.log" architecture
  case $(uname -m) in
    x86_64) architecture=x64 ;;
    aarch64 | arm64) architecture=arm64 ;;
    *) fail "there is no compiler for $(uname -m)" ;;
  esac
  say 'Compiling the router ahead of time; this takes minutes …'
  if ! (cd "$root" && limited 1200 dotnet publish AiRouter.Api -c Release -r "linux-$architecture" --artifacts-path artifacts/native-build \
    -o artifacts/native --nologo -v q -p:PublishAot=true -p:RunAnalyzers=false -p:UseSharedCompilation=false) >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    return 1
  fi
  export AIROUTER_TEST_ROUTER="$root/artifacts/native/AiRouter.Api"
}

run_tests() {
  local report="$root/artifacts/tests.xml" status=0 line passed failed skipped errors
  require_sdk
  detect_feed
  install_test_needs
  if ! build AiRouter.sln; then
    say 'The build failed, so no test ran.'
    say '0 passed, 0 failed, 0 skipped'
    exit 1
  fi

  if [[ ${1:-} == --native ]]; then
    shift
    publish_native || fail 'the router could not be compiled ahead of time'
    [[ $# -gt 0 ]] || set -- "${native_tests[@]}"
  fi

  rm -f "$report"
  say 'Testing …'
  # This reporter names failed and skipped tests only.
  (cd "$root" && limited "${AIROUTER_TEST_SECONDS:-1200}" dotnet AiRouter.Tests/bin/Release/net10.0/AiRouter.Tests.dll \
    -noLogo -noColor -noAutoReporters -reporter quiet -result-xml "$report" "$@") || status=$?

  line=$(grep -o '<assembly [^>]*>' "$report" 2>/dev/null) || line=''
  if [[ -z $line ]]; then
    say "The test run ended with exit code $status and left no report."
    say '0 passed, 0 failed, 0 skipped'
    exit 1
  fi
  passed=$(attribute passed "$line")
  failed=$(attribute failed "$line")
  skipped=$(attribute skipped "$line")
  errors=$(attribute errors "$line")
  ((errors == 0)) || say "$errors errors outside of tests (fixtures, clean-up) count as failed."
  ((passed + failed + errors > 0)) || say 'No test ran.'
  say "$passed passed, $((failed + errors)) failed, $skipped skipped"
  ((status == 0 && failed + errors == 0 && passed > 0))
}

# Exit code 1: a package has a known vulnerability. 2: nothing is known about some, which is no good news. Feeds without such data
# make NuGet say "no vulnerable packages", so each is asked first whether it has any.
audit() {
  require_sdk
  detect_feed
  local status=0 source known=0 unknown=() report
  for source in $(cd "$root" && dotnet nuget list source --format short | awk '$1 ~ /^E/ { print $2 }'); do
    if [[ $source == http* ]] && curl --fail --silent --location --max-time 30 "$source" | grep -q VulnerabilityInfo; then
      known=$((known + 1))
    else
      unknown+=("$source")
    fi
  done
  if ((known == 0)); then
    say "NuGet: NOT CHECKED. No package feed has data of vulnerabilities (asked: ${#unknown[@]}); ask again with the public feed."
    status=2
  else
    ((${#unknown[@]} == 0)) || say "NuGet: ${#unknown[@]} of the feeds have no data of vulnerabilities; packages that only they have are not checked."
    (cd "$root" && limited 300 dotnet restore AiRouter.sln --nologo -v q >/dev/null)
    report=$(cd "$root" && limited 300 dotnet list AiRouter.sln package --vulnerable --include-transitive)
    if grep -q 'has the following vulnerable packages' <<<"$report"; then
      say "$report"
      status=1
    else
      say 'NuGet: no package of the solution, direct or not, has a known vulnerability.'
    fi
  fi

  audit_node || { local npm=$?; ((status == 1)) || status=$npm; }
  return "$status"
}

audit_node() {
  local folder report status=0 code
  if ! command -v npm >/dev/null 2>&1; then
    say 'npm (clients): NOT CHECKED. There is no npm.'
    return 2
  fi
  for folder in "${node_folders[@]}"; do
    code=0
    report=$(cd "$root/$folder" && limited 120 npm audit --json 2>/dev/null) || code=$?
    if ! grep -q '"vulnerabilities"' <<<"$report"; then
      say "npm ($folder): NOT CHECKED. The registry gives no data of vulnerabilities."
      ((status == 1)) || status=2
    elif ((code != 0)); then
      (cd "$root/$folder" && npm audit) || true
      status=1
    else
      say "npm ($folder): no package has a known vulnerability."
    fi
  done
  return "$status"
}

attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2"; }

run() {
  require_sdk
  detect_feed
  # With all processes that it starts, and without the tests.
  build AiRouter.AppHost || fail 'the build failed'
  if with_aspire; then
    exec dotnet run --project "$root/AiRouter.AppHost" -c Release --no-build -- "$@"
  fi
  exec dotnet "$root/AiRouter.AppHost/bin/Release/net10.0/AiRouter.AppHost.dll" "$@"
}

# What Aspire calls publishing: the AppHost writes files and ends. No container runtime is needed.
publish() {
  local target=${1:-}
  case $target in
    kubernetes | aca | compose) shift ;;
    '') fail 'publish needs a target: kubernetes, aca or compose' ;;
    *) fail "there is no target '$target' (there are: kubernetes, aca, compose)" ;;
  esac
  require_sdk
  detect_feed
  if ! with_aspire; then
    say 'Publishing is done by Aspire, which the package feed has not; with the public feed (nuget.org) this command writes the files.' >&2
    fail 'without it: docs/deploy/kubernetes.md (manifests) and docs/deploy/containers.md (compose.yaml)'
  fi
  build AiRouter.AppHost || fail 'the build failed'
  mkdir -p "$root/artifacts/$target"
  dotnet run --project "$root/AiRouter.AppHost" -c Release --no-build --no-launch-profile -- --operation publish --step publish \
    --output-path "$root/artifacts/$target" "--Publish:Target=$target" "$@" || fail "nothing usable was published in artifacts/$target"
  say "Published in artifacts/$target; docs/deploy/aspire.md says how to go on."
}

# Only the configuration goes to standard output.
import() {
  { require_sdk && detect_feed && build AiRouter.Api; } >&2 || fail 'the build failed'
  exec dotnet "$root/AiRouter.Api/bin/Release/net10.0/AiRouter.Api.dll" import "$@"
}

# The runs of whole processes: docs/benchmarks.md.
bench() {
  require_sdk
  detect_feed
  build AiRouter.Benchmarks || fail 'the build failed'
  exec dotnet "$root/AiRouter.Benchmarks/bin/Release/net10.0/AiRouter.Benchmarks.dll" "$@"
}

command=${1:-}
[[ $# -eq 0 ]] || shift
for argument in "$command" "$@"; do
  if [[ $argument == --help || $argument == -h ]]; then
    help
    exit 0
  fi
done
case $command in
  run) run "$@" ;;
  publish) publish "$@" ;;
  import) import "$@" ;;
  test) run_tests "$@" ;;
  audit) audit ;;
  bench | demo | soak | bulkhead) bench "$command" "$@" ;;
  '') help ;;
  *) fail "there is no command '$command' (there are: run, publish, import, test, bench, demo, soak, bulkhead, audit); ./airouter.sh --help says more" ;;
esac
