#!/usr/bin/env bash
# Compares embeddings with curl and jq: texts with each other, or (-M, -U) each text at two models or servers.
set -euo pipefail

help() {
  cat <<'TEXT'
embeddings.sh [-m MODEL] [-u URL] [-k KEY] [-M MODEL] [-U URL] [-K KEY] [TEXT…]

  -m  model (default bge)                                                   -M  compare with this model
  -u  the router (default $AIROUTER_URL, else http://127.0.0.1:3000/v1)     -U  compare with this server
  -k  client key (default $AIROUTER_KEY)                                    -K  its key
TEXT
}

model=bge url=${AIROUTER_URL:-http://127.0.0.1:3000/v1} key=${AIROUTER_KEY:-none}
other_model='' other_url='' other_key=''
while getopts m:u:k:M:U:K:h option; do
  case $option in
    m) model=$OPTARG ;;
    u) url=$OPTARG ;;
    k) key=$OPTARG ;;
    M) other_model=$OPTARG ;;
    U) other_url=$OPTARG ;;
    K) other_key=$OPTARG ;;
    h) help && exit ;;
    *) help >&2 && exit 2 ;;
  esac
done
shift $((OPTIND - 1))
(($# > 0)) || set -- 'a cat' 'a kitten' 'a bill'

# embed MODEL URL KEY TEXT…: an array of vectors. The key goes in through a file descriptor, where other users of this machine do
# not see it. The body, the status and the seconds that curl writes are three values of JSON.
embed() {
  local model=$1 url=$2 key=$3 answer
  shift 3
  answer=$(jq -n --arg model "$model" '{model: $model, input: $ARGS.positional, encoding_format: "float"}' --args -- "$@" |
    curl --silent --show-error "${url%/}/embeddings" --data-binary @- \
      -H 'Content-Type: application/json' -H @<(printf 'Authorization: Bearer %s' "$key") -w '\n%{http_code} %{time_total}\n') || return
  jq --slurp --raw-output --arg model "$model" '
    . as [$body, $status, $seconds]
    | if $status != 200 then "error \($status): \($body.error.message)\n" | halt_error(1)
      else $body.data | "\($model): \(length) embeddings of \(.[0].embedding | length) dimensions in \($seconds * 1000 | round) ms" end
    ' <<<"$answer" >&2 || return
  jq --slurp --compact-output '[.[0].data[].embedding]' <<<"$answer"
}

compare() {
  jq --slurp --raw-output '
    def dot($one; $other): [range($one | length) | $one[.] * $other[.]] | add;
    def similarity($one; $other):
      if ($one | length) != ($other | length)
      then "error: \($one | length) and \($other | length) dimensions cannot be compared\n" | halt_error(1)
      else dot($one; $other) / ((dot($one; $one) * dot($other; $other)) | sqrt) end;
    def fixed: (. * 10000 | fabs | round) as $n
      | (if . < 0 then "-" else "" end) + "\($n / 10000 | floor).\("\(10000 + $n % 10000)"[1:])";
    $ARGS.positional as $texts
    | if length == 2 then . as [$here, $there]
        | range($texts | length) | "\(similarity($here[.]; $there[.]) | fixed)  \($texts[.])"
      else .[0] as $here
        | range($texts | length) as $one | range($one + 1; $texts | length) as $other
        | "\(similarity($here[$one]; $here[$other]) | fixed)  \($texts[$one]) | \($texts[$other])" end' --args -- "$@"
}

here=$(embed "$model" "$url" "$key" "$@")
there=''
if [[ -n $other_model$other_url ]]; then
  there=$(embed "${other_model:-$model}" "${other_url:-$url}" "${other_key:-$key}" "$@")
fi
printf '%s\n' "$here" "$there" | compare "$@"
