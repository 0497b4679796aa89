#!/usr/bin/env bash
# Chats with a model behind AiRouter, with nothing but curl and jq.
set -euo pipefail

help() {
  cat <<'TEXT'
chat.sh [-S] [-n] [-m MODEL] [-u URL] [-k KEY] [-t TOKENS] [PROMPT]

  -S  print the answer as it comes       -u  the router (default $AIROUTER_URL, else http://127.0.0.1:3000/v1)
  -n  with -S, a line per chunk          -k  client key (default $AIROUTER_KEY)
  -m  model (default llama-3.1-8b)       -t  generate at most so many tokens
TEXT
}

stream=false newline='' model=llama-3.1-8b tokens=null
url=${AIROUTER_URL:-http://127.0.0.1:3000/v1} key=${AIROUTER_KEY:-none}
while getopts Snm:u:k:t:h option; do
  case $option in
    S) stream=true ;;
    n) newline=$'\n' ;;
    m) model=$OPTARG ;;
    u) url=$OPTARG ;;
    k) key=$OPTARG ;;
    t) tokens=$OPTARG ;;
    h) help && exit ;;
    *) help >&2 && exit 2 ;;
  esac
done
shift $((OPTIND - 1))

request() {
  jq -n --arg model "$model" --arg prompt "${*:-Hello!}" --argjson stream "$stream" --argjson tokens "$tokens" '
    {model: $model, messages: [{role: "user", content: $prompt}]}
    + if $tokens then {max_completion_tokens: $tokens} else {} end
    + if $stream then {stream: true, stream_options: {include_usage: true}} else {} end'
}

# The key goes in through a file descriptor, where other users of this machine do not see it. The last line has status and seconds.
post() {
  curl --silent --show-error --no-buffer "${url%/}/chat/completions" --data-binary @- \
    -H 'Content-Type: application/json' -H @<(printf 'Authorization: Bearer %s' "$key") -w '\n%{http_code} %{time_total}\n'
}

# What both readers of an answer share. halt_error writes to stderr, so that the answer alone can be piped on.
common='
  def milliseconds: "\(. * 1000 | round) ms";
  def tenths: . * 10 | round | "\(. / 10 | floor).\(. % 10)";
  def tell($seconds; $first; $usage; $reason):
    (if $first then "time to first token: \($first | milliseconds)\n" else "" end)
    + (if $usage then $usage.completion_tokens
        | "tokens: \(.) in \($seconds | milliseconds), \(. / $seconds | tenths) tokens/s, finish reason: \($reason)\n"
      else "" end)
    | halt_error(0);
  def refuse($status): "error\($status | if . then " \(.)" else "" end): \(.message)\n" | halt_error(1);
'

# The body, the status and the seconds are three values of JSON.
read_answer() {
  jq --slurp --raw-output "$common"'
    . as [$body, $status, $seconds]
    | if length < 3 then empty
      elif $status != 200 then $body.error | refuse($status)
      else $body.choices[0] | .message.content, tell($seconds; null; $body.usage; .finish_reason) end'
}

# A stream has an event a line; other lines are the body of an error, and the last one. When the request began is known at its end.
read_stream() {
  jq --raw-input --null-input --join-output --unbuffered --arg newline "$newline" "$common"'
    foreach (inputs, null) as $line ({other: []};
      .text = ""
      | if $line == null then .ended = now
        elif $line | startswith("data: {") then
          ($line[6:] | fromjson) as $event
          | .text = ($event.choices[0].delta.content // "")
          | .first = (.first // if .text == "" then null else now end)
          | .reason = ($event.choices[0].finish_reason // .reason)
          | .usage = ($event.usage // .usage)
          | .error = ($event.error // .error)
        elif $line | test("^(data|event|id|):|^$") then .
        else .other += [$line] end;
      if .ended | not then .text | select(. != "") + $newline
      else
        (select(.first and $newline == "") | "\n"),
        (.other[-1] / " ") as [$status, $seconds]
        | if .error then .error | refuse(null)
          elif $status == "200" then
            ($seconds | tonumber) as $seconds
            | tell($seconds; if .first then $seconds - (.ended - .first) else null end; .usage; .reason)
          elif $status == "000" then empty
          else .other[:-1] | join("") | fromjson.error | refuse($status) end
      end)'
}

if $stream; then request "$@" | post | read_stream; else request "$@" | post | read_answer; fi
