#!/bin/sh
# What Lightkeeper does on a host. It runs as root under the SSM agent, and as the user `runAs` for all that belongs to
# the service. The request comes in LIGHTKEEPER_REQUEST: base64 of lines `NAME VALUE64`. Values are decoded into
# variables and files that are only ever used quoted; none is evaluated. One JSON document goes to standard output, a
# few words for people to standard error, and the exit code is one of: 0 done, 10 request refused, 11 preflight found
# problems, 12 prepare failed, 13 activate failed, 14 rollback failed, 15 busy, 16 probe or logs failed, 17 remove failed.
#
# Tools: sh, coreutils, util-linux (flock, runuser), awk, sed, grep, find, gzip, curl, getent, df; docker or podman, or node,
# pm2 and git; aws where parameters are used.
#
# Functions run in subshells only to print, and what follows `||` here ends the script or does nothing.
# shellcheck disable=SC2015,SC2030,SC2031
set -eu
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin
export LC_ALL PATH
umask 077
cd /

root=${LIGHTKEEPER_ROOT:-}
base=$root/var/lib/lightkeeper
newline='
'
settle_seconds=3
minimum_free_mib=512
longest_response=24000
longest_log=15000

verb='' operation='' service='' owner='' revision='' fingerprint='' runtime='' runAs='' gracePeriod=30
registryUser='' registryParameter='' repository='' commit='' credentialsParameter=''
limitBytes=$longest_log
host_json='{}' problems='' first_problem='' first_words='' services_json='' responses_json='' logs_json=''
record='' undo='' failure_exit=10 work='' brief=''

# ---- Answers

# A JSON string of printable ASCII, at most 400 characters.
text() {
  printf '"%s"' "$(printf %s "$1" | tr '\n\t' '  ' | tr -cd ' -~' | cut -c1-400 | sed 's/[\\"]/\\&/g')"
}

# finish EXIT RESULT CODE MESSAGE: answers and ends.
finish() {
  trap - EXIT
  printf '{"version":1,"verb":"%s","operation":"%s","result":"%s","code":"%s","message":%s,"host":%s,"preflight":[%s],"services":[%s],"responses":[%s],"logs":[%s]}\n' \
    "$verb" "$operation" "$2" "$3" "$(text "$4")" "$host_json" "$problems" "$services_json" "$responses_json" \
    "$logs_json" >"$work/response"
  if [ "$(wc -c <"$work/response")" -gt "$longest_response" ]; then
    printf '{"version":1,"verb":"%s","operation":"%s","result":"Failed","code":"","message":"The answer is too long."}\n' \
      "$verb" "$operation" >"$work/response"
  fi
  if [ -n "$record" ]; then
    { echo "$1"; cat "$work/response"; } >"$record.new" && mv -f "$record.new" "$record" || :
  fi
  cat "$work/response" >&3
  [ -z "$4" ] || printf '%s\n' "$4" | tr -cd ' -~\n' | cut -c1-1000 >&4
  rm -rf "$work"
  exit "$1"
}

refuse() {
  finish 10 Refused RequestInvalid "$1"
}

# The script ended where nobody expected it: what was changed is changed back.
unexpected() {
  trap - EXIT
  set +e
  [ -z "$undo" ] || "$undo"
  finish "$failure_exit" Failed '' "The script ended unexpectedly: $(words "$work/noise")"
}

# What a tool complained about: its first words of an error, or else its last words.
words() {
  { grep -iE -m 2 'fatal|error|denied|cannot' "$1" || grep -v '^[[:space:]]*$' "$1" | tail -n 2; } | tr '\n' ' ' | cut -c1-300
}

problem() {
  problems="$problems${problems:+,}{\"code\":\"$1\",\"message\":$(text "$2")}"
  [ -n "$first_problem" ] || { first_problem=$1 first_words=$2; }
}

# ---- JSON

# Reads one JSON document and prints a line `path<TAB>value` for each leaf, e.g. `.Parameters.0.Name<TAB>/a`. Values stay
# as JSON strings have them, in one spelling: only quotes, backslashes and control characters are escaped.
json_leaves() {
  awk '
    function hex(digits,  i, n) {
      n = 0
      if (digits !~ /^[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]$/) exit 1
      for (i = 1; i <= length(digits); i++) n = n * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
      return n
    }
    function utf8(n) {
      if (n < 128) return sprintf("%c", n)
      if (n < 2048) return sprintf("%c%c", 192 + int(n / 64), 128 + n % 64)
      if (n < 65536) return sprintf("%c%c%c", 224 + int(n / 4096), 128 + int(n / 64) % 64, 128 + n % 64)
      return sprintf("%c%c%c%c", 240 + int(n / 262144), 128 + int(n / 4096) % 64, 128 + int(n / 64) % 64, 128 + n % 64)
    }
    function spelled(raw,  out, at, c, n, low) {
      out = ""
      while ((at = index(raw, "\\")) > 0) {
        out = out substr(raw, 1, at - 1)
        c = substr(raw, at + 1, 1)
        if (c != "u") {
          if (c == "" || index("\"\\/bfnrt", c) == 0) exit 1
          out = out (c == "/" ? "/" : c == "b" ? "\\u0008" : c == "f" ? "\\u000c" : "\\" c)
          raw = substr(raw, at + 2)
          continue
        }
        n = hex(substr(raw, at + 2, 4))
        raw = substr(raw, at + 6)
        if (n >= 55296 && n < 57344) {
          # Half a character alone is none.
          low = n < 56320 && substr(raw, 1, 2) == "\\u" ? hex(substr(raw, 3, 4)) : 0
          if (low >= 56320 && low < 57344) {
            n = 65536 + (n - 55296) * 1024 + low - 56320
            raw = substr(raw, 7)
          } else n = 65533
        }
        out = out (n == 10 ? "\\n" : n == 13 ? "\\r" : n == 9 ? "\\t" : n < 32 ? sprintf("\\u%04x", n) \
          : n == 34 || n == 92 ? "\\" utf8(n) : utf8(n))
      }
      return out raw
    }
    function leaf(value,  i, path) {
      path = ""
      for (i = 1; i <= depth; i++) path = path "." at[i]
      print path "\t" value
    }
    { document = document $0 "\n" }
    END {
      depth = 0
      while (document != "") {
        c = substr(document, 1, 1)
        if (c == "\"") {
          if (!match(document, /^"([^"\\\t\n]|\\.)*"/)) exit 1
          token = substr(document, 2, RLENGTH - 2)
          document = substr(document, RLENGTH + 1)
          if (kind[depth] == "{" && !named[depth]) { at[depth] = spelled(token); named[depth] = 1 } else leaf(spelled(token))
        } else if (c == "{" || c == "[") {
          depth++; kind[depth] = c; named[depth] = 0; at[depth] = 0
          document = substr(document, 2)
        } else if (c == "}" || c == "]") {
          if (--depth < 0) exit 1
          document = substr(document, 2)
        } else if (c == ",") {
          if (kind[depth] == "[") at[depth]++; else named[depth] = 0
          document = substr(document, 2)
        } else if (match(document, /^[-+.0-9a-zA-Z]+/)) {
          leaf(substr(document, 1, RLENGTH))
          document = substr(document, RLENGTH + 1)
        } else if (match(document, /^[ \t\r\n:]+/)) {
          document = substr(document, RLENGTH + 1)
        } else exit 1
      }
      if (depth != 0) exit 1
    }'
}

# Spells the bytes of a file as the inside of a JSON string.
json_inside() {
  { cat "$1"; printf .; } | awk '
    BEGIN { for (i = 1; i < 32; i++) escaped[sprintf("%c", i)] = sprintf("\\u%04x", i)
            escaped["\""] = "\\\""; escaped["\\"] = "\\\\"; escaped["\r"] = "\\r"; escaped["\t"] = "\\t" }
    { line = ""; for (i = 1; i <= length($0); i++) { c = substr($0, i, 1); line = line ((c in escaped) ? escaped[c] : c) }
      all = all (NR > 1 ? "\\n" : "") line }
    END { printf "%s", substr(all, 1, length(all) - 1) }'
}

# The inside of a JSON string on standard input as bytes; fails when that is more than one line.
json_line() {
  awk '{
    while ((at = index($0, "\\")) > 0) {
      c = substr($0, at + 1, 1)
      if (c == "n" || c == "r" || c == "u") exit 1
      printf "%s%s", substr($0, 1, at - 1), c == "t" ? "\t" : c
      $0 = substr($0, at + 2)
    }
    printf "%s", $0
  }'
}

# ---- The request

# Whether a value has only characters of a set, begins with a letter or a digit, and is no longer than a number.
is_name() {
  case $1 in '' | [!A-Za-z0-9]*) return 1 ;; esac
  [ "${#1}" -le "$2" ] || return 1
  case $3:$1 in
    service:*[!a-z0-9.-]* | service:*[!a-z0-9] | service:*..*) return 1 ;;
    word:*[!A-Za-z0-9._-]*) return 1 ;;
    label:*[!a-z0-9-]*) return 1 ;;
    content:*[!A-Za-z0-9._:=+/-]*) return 1 ;;
    image:*[!A-Za-z0-9._:/@-]* | image:*[!A-Za-z0-9]) return 1 ;;
    revision:*[!A-Za-z0-9._/-]* | revision:*..* | revision:*[!A-Za-z0-9] | revision:*//*) return 1 ;;
    path:*[!A-Za-z0-9._/@-]* | path:*..* | path:*//*) return 1 ;;
    user:*[!a-z0-9_-]*) return 1 ;;
  esac
}

is_number() {
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ "${#1}" -le 10 ] && [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

is_variable() {
  case $1 in '' | [!A-Za-z_]* | *[!A-Za-z0-9_]*) return 1 ;; esac
  [ "${#1}" -le 256 ]
}

is_account() {
  case $1 in '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._@+\$-]*) return 1 ;; esac
  [ "${#1}" -le 128 ]
}

is_parameter() {
  case $1 in '' | [!/A-Za-z0-9]* | *[!A-Za-z0-9_./:-]* | *:*:*) return 1 ;; esac
  [ "${#1}" -le 1024 ]
}

is_glob() {
  case $1 in '' | [!A-Za-z0-9*._]* | *[!A-Za-z0-9*._/-]* | *..* | *//*) return 1 ;; esac
  [ "${#1}" -le 256 ]
}

is_log_driver() {
  case $1 in json-file | local | journald | awslogs | none | k8s-file) ;; *) return 1 ;; esac
}

# Options that name neither files nor addresses nor credentials of the host, and print no variable.
is_log_option() {
  case ${1%%=*} in
    max-size | max-file | compress | mode | max-buffer-size | tag | cache-disabled | cache-max-size | cache-max-file) ;;
    awslogs-region | awslogs-group | awslogs-stream | awslogs-create-group) ;;
    awslogs-datetime-format | awslogs-multiline-pattern) ;;
    *) return 1 ;;
  esac
  case $1 in *=*) ;; *) return 1 ;; esac
  [ -n "${1#*=}" ] || return 1
  case $1 in *[!\ -~]*) return 1 ;; esac
  [ "${#1}" -le 600 ]
}

# Opens a group: its folder becomes the place of its members.
open_group() {
  groups=$((groups + 1))
  group=$1
  place=$work/release/$(printf '%s.%04d' "$1" "$groups")
  variables=' ' variable=''
  mkdir "$place"
}

# The same for a group whose name is its own.
open_named() {
  case $names in *" $value "*) return 1 ;; esac
  names="$names$value "
  open_group "$1"
  once "$place/name"
}

within() {
  case " $2 " in *" $group "*) ;; *) refuse "A line $1 outside its group." ;; esac
}

keep() {
  printf %s "$value" >"$1"
}

# keep_next LIST: the next file of a list within the group.
keep_next() {
  listed=$((listed + 1))
  keep "$place/$(printf '%s.%04d' "$1" "$listed")"
}

once() {
  [ ! -e "$1" ] || refuse "Two lines ${1##*/} where one may be."
  keep "$1"
}

# Keeps one line of the request, or fails. It is called where `set -e` does not reach.
accept() {
  case $name in
    version) [ "$value" = 1 ] || refuse 'This script speaks version 1.' ;;
    verb)
      case $value in inspect | prepare | activate | probe | rollback | logs | remove) verb=$value ;; *) return 1 ;; esac ;;
    service) is_name "$value" 128 service && service=$value ;;
    operation) is_name "$value" 64 word && operation=$value ;;
    owner) is_name "$value" 128 word && owner=$value ;;
    revision) is_name "$value" 63 word && revision=$value ;;
    fingerprint) is_name "$value" 128 content && fingerprint=$value ;;
    runtime) case $value in Docker | Podman | Pm2) runtime=$value ;; *) return 1 ;; esac ;;
    runAs) is_name "$value" 32 user && runAs=$value ;;
    gracePeriod) is_number "$value" 0 3600 && gracePeriod=$value ;;
    registryUser) is_account "$value" && registryUser=$value ;;
    registryParameter) is_parameter "$value" && registryParameter=$value ;;
    credentialsParameter) is_parameter "$value" && credentialsParameter=$value ;;
    repository)
      case $value in
        https://[A-Za-z0-9]*) case ${value#https://} in *[!A-Za-z0-9._/:~-]* | *..*) return 1 ;; *) repository=$value ;; esac ;;
        *) return 1 ;;
      esac ;;
    commit) is_name "$value" 255 revision && commit=$value ;;
    log) is_name "$value" 128 service && open_named log ;;
    sinceEpochSeconds) within sinceEpochSeconds log && is_number "$value" 0 4102444800 && once "$place/since" ;;
    limitBytes) is_number "$value" 64 1000000 && limitBytes=$value ;;
    logDriver) is_log_driver "$value" && once "$work/release/logDriver" ;;
    logOption)
      is_log_option "$value" || return 1
      listed=$((listed + 1))
      keep "$work/release/$(printf 'logOption.%04d' "$listed")" ;;
    container) is_name "$value" 63 label && open_named container ;;
    process) is_name "$value" 63 word && open_named process ;;
    build) open_group build ;;
    executable) is_glob "$value" && open_group executable && once "$place/glob" ;;
    probe) is_name "$value" 63 word && open_group probe && once "$place/id" ;;
    image) within image container && is_name "$value" 512 image && once "$place/image" ;;
    argument)
      within argument 'container build'
      [ "${#value}" -le 8192 ] && keep_next argument ;;
    script) within script process && is_name "$value" 255 path && once "$place/script" ;;
    instances) within instances process && is_number "$value" 1 64 && once "$place/instances" ;;
    port)
      within port 'container process probe'
      if [ "$group" = container ]; then
        is_number "${value%%:*}" 1 65535 && is_number "${value#*:}" 1 65535 && keep_next port
      else
        is_number "$value" 1 65535 && once "$place/port"
      fi ;;
    env | parameter)
      within "$name" 'container process'
      is_variable "$value" || return 1
      case "$variables" in *" $value "*) return 1 ;; esac
      variables="$variables$value "
      listed=$((listed + 1))
      variable=$place/$(printf 'variable.%04d' "$listed")
      mkdir "$variable" && keep "$variable/name" ;;
    value)
      [ -n "$variable" ] || refuse 'A line value outside its group.'
      if [ "$group" = container ]; then
        case $value in *"$newline"* | *"$carriage_return"*) refuse "The value of $(cat "$variable/name") has a line break, which an env file cannot hold." ;; esac
      fi
      [ "${#value}" -le 32768 ] && once "$variable/value" ;;
    from)
      [ -n "$variable" ] || refuse 'A line from outside its group.'
      is_parameter "$value" && once "$variable/from" ;;
    method) within method probe && case $value in GET | HEAD | POST | PUT | PATCH | DELETE | OPTIONS) once "$place/method" ;; *) return 1 ;; esac ;;
    path)
      within path probe
      case $value in /*) ;; *) return 1 ;; esac
      case $value in *[!!-~]*) return 1 ;; esac
      [ "${#value}" -le 2048 ] && once "$place/path" ;;
    header)
      within header probe
      case $value in [!A-Za-z0-9]* | *[!\ -~]*) return 1 ;; *?:*) ;; *) return 1 ;; esac
      case ${value%%:*} in *[!A-Za-z0-9_-]*) return 1 ;; esac
      [ "${#value}" -le 4096 ] && keep_next header ;;
    timeoutMillis) within timeoutMillis probe && is_number "$value" 1 60000 && once "$place/timeoutMillis" ;;
    *) refuse 'A line with a name that this script does not know.' ;;
  esac
}

read_request() {
  group='' place='' variable='' variables=' ' names=' ' groups=0 listed=0 lines=0 seen=' '
  carriage_return=$(printf '\r')
  mkdir "$work/release"
  case ${LIGHTKEEPER_REQUEST:-} in '' | *[!A-Za-z0-9+/=]*) refuse 'The request is not base64.' ;; esac
  printf %s "$LIGHTKEEPER_REQUEST" | base64 -d >"$work/request" || refuse 'The request is not base64.'
  while IFS=' ' read -r name value64 || [ -n "$name" ]; do
    lines=$((lines + 1))
    [ "$lines" -le 3000 ] || refuse 'The request has too many lines.'
    case $value64 in *[!A-Za-z0-9+/=]*) refuse "Line $lines is not base64." ;; esac
    value=''
    if [ -n "$value64" ]; then
      value=$(printf %s "$value64" | base64 -d && printf .) || refuse "Line $lines is not base64."
      value=${value%.}
      padding=${value64#"${value64%%=*}"}
      # Shells drop the byte 0.
      [ "${#value}" -eq $((${#value64} * 3 / 4 - ${#padding})) ] || refuse "Line $lines holds a byte that no value may have."
    fi
    case $name in
      version | verb | service | operation | owner | revision | fingerprint | runtime | runAs | gracePeriod | registry* | repository | commit | credentialsParameter | logDriver)
        case $seen in *" $name "*) refuse "Two lines $name where one may be." ;; esac
        seen="$seen$name " ;;
    esac
    accept || refuse "Line $lines has a value that $name may not have."
  done <"$work/request"
  rm "$work/request"
  case $seen in *' version '*) ;; *) refuse 'The request has no version.' ;; esac
  [ -n "$verb" ] || refuse 'The request has no verb.'
  case $verb in inspect | probe | logs) ;; *) [ -n "$service" ] || refuse 'The request has no service.' ;; esac
  case $verb in
    prepare | activate | rollback | remove) [ -n "$operation" ] || refuse 'The request has no operation.' ;;
  esac
  case $verb in
    prepare | activate)
      for value in "$owner" "$revision" "$fingerprint" "$runtime" "$runAs"; do
        [ -n "$value" ] || refuse 'The request says not whose release it is, which, in what runtime or for which user.'
      done ;;
  esac
  [ "$verb" != prepare ] || complete_release
}

# A release must say all that prepare and activate will ask for.
complete_release() {
  for place in "$work"/release/*; do
    [ -e "$place" ] || continue
    case $runtime:${place##*/} in
      Pm2:container.* | Pm2:log[DO]* | Docker:process.* | Podman:process.*) refuse "A group that runtime $runtime does not have." ;;
      *:container.*) [ -f "$place/image" ] || refuse 'A container without image.' ;;
      *:process.*) [ -f "$place/script" ] || refuse 'A process without script.' ;;
      *:logOption.*) [ -f "$work/release/logDriver" ] || refuse 'A log option without a log driver.' ;;
      *:build.*)
        set -- "$place"/argument.*
        [ -f "$1" ] || refuse 'A build command without arguments.'
        case $(cat "$1") in '' | -* | *=*) refuse 'A build command may neither begin with a dash nor set a variable.' ;; esac ;;
    esac
    for variable in "$place"/variable.*; do
      [ -d "$variable" ] || continue
      if [ -f "$variable/value" ]; then [ ! -f "$variable/from" ]; else [ -f "$variable/from" ]; fi ||
        refuse "A variable needs either a value or a parameter."
    done
  done
  [ "$names" != ' ' ] || refuse 'A release that runs nothing.'
  if [ "$runtime" = Pm2 ]; then
    [ -n "$repository" ] && [ -n "$commit" ] || refuse 'A release of Pm2 needs a repository and a commit.'
  fi
}

# ---- The host

# Runs a command as the service's user. Nothing that stays may inherit the lock, or the ends of what SSM reads.
as_user() (
  umask 022
  exec runuser -u "$runAs" -- env -u LC_ALL "HOME=$home" "USER=$runAs" "LOGNAME=$runAs" ${user_runtime:+"XDG_RUNTIME_DIR=$user_runtime"} "$@" 3>&- 4>&- 9>&-
)

# Learns the user's home; fails when there is no such user.
know_user() {
  entry=$(getent passwd "$runAs") || return 1
  home=${entry%:*} home=${home##*:}
  uid=${entry#*:*:} uid=${uid%%:*}
  user_runtime=''
  [ ! -d "$root/run/user/$uid" ] || user_runtime=$root/run/user/$uid
}

know_engine() {
  case $runtime in Docker) engine=docker ;; Podman) engine=podman ;; *) engine=pm2 ;; esac
}

# Whether root may run a tool: neither it nor its folder is in the hands of a user. It leaves the tool's file in $real.
is_roots() {
  real=$(command -v "$1") && real=$(readlink -f "$real") || return 1
  [ "$(stat -c '%u %a' "$real" "${real%/*}" | grep -c '^0 .*[0145][0145]$')" -eq 2 ]
}

tool_version() {
  is_roots "$1" || return 1
  case $1 in
    docker | podman) "$1" version --format '{{.Client.Version}}' ;;
    # Asking pm2 itself would start its daemon.
    pm2) sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$(readlink -f "$(command -v pm2)" | sed 's|/bin/pm2$||')/package.json" ;;
    aws) echo present ;;
    *) "$1" --version ;;
  esac 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p;s/^present$/present/p' | head -n 1
}

describe_host() {
  tools=''
  for tool in docker podman pm2 node git curl aws; do
    if version=$(tool_version "$tool"); then
      tools="$tools${tools:+,}\"$tool\":\"$version\""
    fi
  done
  host_json="{\"time\":$(date +%s),\"diskFreeMiB\":$(free_mib),\"tools\":{$tools}}"
}

free_mib() {
  place=$base
  [ -d "$place" ] || place=$root/
  df -Pk "$place" | awk 'NR == 2 { print int($4 / 1024) }'
}

# needs TOOL [MAJOR MINOR]
needs() {
  if ! command -v "$1" >/dev/null; then
    problem ToolMissing "There is no $1 on this host."
  elif ! is_roots "$1"; then
    problem ToolMissing "$real or its folder belongs to a user, or not only root may write to it: root must not run it."
  elif [ $# -eq 3 ]; then
    version=$(tool_version "$1") || version=''
    printf '%s.0 %s %s\n' "${version:-0}" "$2" "$3" | awk '{ split($1, v, "."); exit !(v[1] > $2 || v[1] == $2 && v[2] >= $3) }' ||
      problem ToolTooOld "$1 is ${version:-of an unknown version}; $2.$3 is the oldest that works."
  fi
}

# Ports that something listens on.
listening() {
  for place in "$root/proc/net/tcp" "$root/proc/net/tcp6"; do
    [ ! -r "$place" ] || awk '$4 == "0A" { n = split($2, at, ":"); print at[n] }' "$place"
  done
}

ports_of() {
  for place in "$1"/container.*/port.* "$1"/process.*/port; do
    [ ! -f "$place" ] || printf '%s\n' "$(cat "$place")" | cut -d: -f1
  done
}

preflight() {
  if [ -n "$held_owner" ] && [ "$held_owner" != "$owner" ]; then
    problem ForeignOwner "$service on this host belongs to another resource ($held_owner)."
  fi
  if [ -n "$held_revision" ] && [ "$held_runtime:$held_user" != "$runtime:$runAs" ]; then
    problem RuntimeDiffers "$service runs under $held_runtime for $held_user: remove it before another runtime or user takes it over."
  fi
  for tool in curl base64 flock runuser sha256sum; do needs "$tool"; done
  case $runtime in
    Docker)
      needs docker 20 10
      # All that a snap is given has to lie in a home folder, and neither env files nor credentials do.
      case $(readlink -f "$(command -v docker)") in
        */snap) problem ToolMissing 'docker is a snap here, which may not read its files; install it as a package.' ;;
      esac ;;
    Podman) needs podman 4 0 ;;
    Pm2) needs git 2 20; needs node 14 0; needs pm2 5 0 ;;
  esac
  if ! know_user; then
    problem UserMissing "There is no user $runAs on this host."
  elif [ -z "$first_problem" ] && [ "$runtime" != Pm2 ]; then
    as_user "$engine" info >/dev/null 2>"$work/words" ||
      problem ToolMissing "$runAs cannot use $engine: $(words "$work/words")"
  fi
  free=$(free_mib)
  [ "$free" -ge "$minimum_free_mib" ] || problem DiskFull "$free MiB are free; $minimum_free_mib are needed."
  [ ! -d "$held/current/request" ] || ports_of "$held/current/request" >"$work/own-ports"
  listening >"$work/listening"
  # Without the release that runs nobody knows which ports are its own.
  [ ! -L "$held/current" ] || [ -d "$held/current/request" ] || : >"$work/listening"
  for port in $(ports_of "$work/release"); do
    if grep -qx "$(printf %04X "$port")" "$work/listening" && ! grep -qsx "$port" "$work/own-ports"; then
      problem PortTaken "Something else listens on port $port."
    fi
  done
  fetch_parameters
}

# Fetches all parameters of the release into $work/parameters, lines `name<TAB>inside of a JSON string`.
fetch_parameters() {
  : >"$work/parameters"
  for place in "$work"/release/*/variable.*/from; do
    [ ! -f "$place" ] || { cat "$place"; echo; }
  done >"$work/wanted"
  for value in "$registryParameter" "$credentialsParameter"; do
    [ -z "$value" ] || printf '%s\n' "$value" >>"$work/wanted"
  done
  [ -s "$work/wanted" ] || return 0
  needs aws
  is_roots aws || return 0
  [ -n "${AWS_REGION:-}${AWS_DEFAULT_REGION:-}" ] || export AWS_DEFAULT_REGION="${AWS_SSM_REGION_NAME:-}"
  sort -u "$work/wanted" | split -l 10 - "$work/names."
  for place in "$work"/names.*; do
    set --
    while read -r value; do set -- "$@" "$value"; done <"$place"
    if ! aws ssm get-parameters --with-decryption --output json --names "$@" >"$work/answer" 2>"$work/words"; then
      case $(cat "$work/words") in
        *SignatureDoesNotMatch*yet\ current* | *[Ee]xpired* | *InvalidSignatureException* | *TimeTooSkewed*)
          problem ClockSkew "The clock of this host is wrong: $(words "$work/words")" ;;
        *ParameterNotFound* | *ParameterVersionNotFound*) problem ParameterMissing "$(words "$work/words")" ;;
        *) problem ParameterDenied "$* cannot be read: $(words "$work/words")" ;;
      esac
      continue
    fi
    json_leaves <"$work/answer" | awk -F '\t' '
      { split($1, at, "."); i = at[3]; v = substr($0, length($1) + 2) }
      at[2] == "Parameters" { if (at[4] == "Name") name[i] = v; if (at[4] == "Selector") selector[i] = v; if (at[4] == "Value") value[i] = v }
      END { for (i in name) print name[i] selector[i] "\t" value[i] }' >>"$work/parameters"
    awk -F '\t' 'FILENAME ~ /parameters$/ { found[$1]; next } !($1 in found)' "$work/parameters" "$place" >"$work/missing"
    while read -r value; do
      problem ParameterMissing "There is no parameter $value, or it has no such version."
    done <"$work/missing"
  done
}

# The inside of a JSON string that is a parameter's value.
parameter() {
  awk -F '\t' -v name="$1" '$1 == name { print substr($0, length($1) + 2); exit }' "$work/parameters"
}

# ---- State

# Reads what this host holds of a service.
read_state() {
  held=$base/$1 held_owner='' held_revision='' held_previous='' held_fingerprint='' held_runtime='' held_user='' held_operation=''
  [ -f "$held/state.json" ] || return 0
  while IFS='"' read -r _ key _ value _; do
    case $key in
      owner) held_owner=$value ;;
      revision) held_revision=$value ;;
      previous) held_previous=$value ;;
      fingerprint) held_fingerprint=$value ;;
      runtime) held_runtime=$value ;;
      runAs) held_user=$value ;;
      operation) held_operation=$value ;;
    esac
  done <"$held/state.json"
}

# write_state REVISION PREVIOUS FINGERPRINT
write_state() {
  printf '{\n  "service": "%s",\n  "owner": "%s",\n  "revision": "%s",\n  "previous": "%s",\n  "fingerprint": "%s",\n  "runtime": "%s",\n  "runAs": "%s",\n  "operation": "%s"\n}\n' \
    "$service" "$owner" "$1" "$2" "$3" "$runtime" "$runAs" "$operation" >"$held/state.json.new"
  mv -f "$held/state.json.new" "$held/state.json"
}

# link NAME REVISION: swaps a link in one step; without a revision it goes.
link() {
  if [ -n "$2" ]; then
    ln -s "releases/$2" "$held/$1.new"
    mv -fT "$held/$1.new" "$held/$1"
  else
    rm -f "$held/$1"
  fi
}

# Takes the service's lock, or ends: it is given back when the script ends.
lock() {
  mkdir -p "$base/.locks"
  chmod 755 "$base"
  exec 9>"$base/.locks/$service"
  flock -n 9 || finish 15 Busy Busy "Another operation on $service runs on this host."
}

# An operation that was done already is answered as it was then.
recall() {
  record=$base/$service/operations/$verb-$operation
  if [ -f "$record" ]; then
    exit_code=$(head -n 1 "$record")
    trap - EXIT
    tail -n +2 "$record" >&3
    rm -rf "$work"
    exit "$exit_code"
  fi
}

hold() {
  mkdir -p "$held/releases" "$held/operations"
  chmod 711 "$held" "$held/releases"
  find "$held/operations" -type f -mtime +30 -exec rm -f {} +
  # What a script left that was killed.
  find "$root/run" -maxdepth 1 -name 'lightkeeper.*' -mmin +1440 -exec rm -rf {} +
}

# take_release DIRECTORY: what it says is what the rest of the script works with.
take_release() {
  runtime=$(cat "$1/runtime") runAs=$(cat "$1/runAs") gracePeriod=$(cat "$1/gracePeriod") fingerprint=$(cat "$1/fingerprint")
  know_engine
  know_user || finish "$failure_exit" Failed UserMissing "There is no user $runAs on this host."
}

intact() {
  [ -f "$1/fingerprint" ] && [ "$(cat "$1/fingerprint")" = "$fingerprint" ] || return 1
  [ ! -s "$1/checksums" ] || (cd "$1" && sha256sum -c --status checksums) || return 1
  case $runtime in
    Pm2) [ -z "$(dirt "$1")" ] ;;
    *) while read -r _ id _; do as_user "$engine" image inspect --format '{{.Id}}' "$id" >/dev/null 2>&1 || return 1; done <"$1/images" ;;
  esac
}

# ---- Containers

labels='dev.lightkeeper.service'

# The names of the service's containers; fails when the engine does not tell them. Never within `for`, which would not notice.
containers() {
  as_user "$engine" ps --all --filter "label=$labels=$service" --format '{{.Names}}' >"$work/containers" 2>"$work/words" || return 1
  sort "$work/containers"
}

# The revisions that containers belong to, a line each.
revisions_of() {
  as_user "$engine" container inspect --format '{{index .Config.Labels "dev.lightkeeper.revision"}}' "$@" 2>/dev/null
}

state_of() {
  as_user "$engine" container inspect --format '{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}' "$1" 2>/dev/null || echo 'missing 0 0'
}

login() {
  [ -n "$registryUser" ] && [ -n "$registryParameter" ] || return 0
  mkdir "$work/registry"
  chown "$runAs" "$work/registry"
  export DOCKER_CONFIG="$work/registry" REGISTRY_AUTH_FILE="$work/registry/auth.json"
  for place in "$1"/container.*/image; do
    registry=$(cat "$place")
    case ${registry%%/*} in
      "$registry") registry=docker.io ;;
      *.* | *:* | localhost) registry=${registry%%/*} ;;
      *) registry=docker.io ;;
    esac
    parameter "$registryParameter" | json_line |
      as_user "$engine" login --username "$registryUser" --password-stdin "$registry" >"$work/words" 2>&1 ||
      finish 12 Failed RegistryLoginFailed "$registry refused the login of $registryUser."
  done
}

pull() {
  as_user "$engine" pull --quiet "$1" >"$work/words" 2>&1 && return 0
  case $(cat "$work/words") in
    *denied* | *unauthorized* | *forbidden* | *no\ basic\ auth*) code=ImagePullDenied ;;
    *'not found'* | *'manifest unknown'* | *'does not exist'*) code=ImageNotFound ;;
    *'no space left'*) code=DiskFull ;;
    *) code=ImagePullFailed ;;
  esac
  finish 12 Failed "$code" "$1: $(words "$work/words")"
}

# write_env GROUP FILE: the lines of an env file.
write_env() {
  for variable in "$1"/variable.*; do
    [ -d "$variable" ] || continue
    printf '%s=' "$(cat "$variable/name")"
    if [ -f "$variable/value" ]; then
      cat "$variable/value"
    else
      parameter "$(cat "$variable/from")" | json_line ||
        finish 12 Failed ParameterInvalid "Parameter $(cat "$variable/from") has a line break, which an env file cannot hold."
    fi
    echo
  done >"$2"
}

prepare_containers() {
  login "$1/request"
  for place in "$1"/request/container.*; do
    container=$(cat "$place/name") image=$(cat "$place/image")
    pull "$image"
    as_user "$engine" image inspect --format '{{.Id}} {{range .RepoDigests}}{{.}} {{end}}' "$image" >"$work/words" ||
      finish 12 Failed ImagePullFailed "$image: $(words "$work/words")"
    read -r id digests <"$work/words" || :
    digest=$(printf '%s\n' "$digests" | tr ' ' '\n' | sed -n 's/.*@//p' | head -n 1)
    printf '%s %s %s\n' "$container" "$id" "${digest:--}" >>"$1/images"
    write_env "$place" "$1/env.$container"
  done
  (cd "$1" && sha256sum env.*) >"$1/checksums"
  chown "$runAs" "$1"/env.*
}

# Whether containers of another release are there, or of an exchange that was cut off.
is_mixed() {
  all=$(containers) || return 1
  for name in $all; do
    case $name in *_replaced) return 0 ;; esac
    newer=$(revisions_of "$name") || continue
    [ "$newer" = "$held_revision" ] || return 0
  done
  return 1
}

# Leaves no half of an interrupted exchange: the containers of the current release stay, or come back.
recover_containers() {
  all=$(containers) || finish "$failure_exit" Failed StartFailed "The containers cannot be listed: $(words "$work/words") Nothing was changed."
  for name in $all; do
    case $name in *_replaced) ;; *) continue ;; esac
    newer=$(revisions_of "${name%_replaced}") || newer=''
    if [ -n "$newer" ] && [ "$newer" = "$held_revision" ]; then
      as_user "$engine" rm --force "$name" >/dev/null
    else
      put_back_containers
      return 0
    fi
  done
}

put_back_containers() {
  back=''
  [ ! -L "$held/current" ] || link current "$held_revision"
  all=$(containers) || {
    back=unknown
    return 0
  }
  for name in $all; do
    case $name in *_replaced) continue ;; esac
    case "$newline$all$newline" in
      *"$newline${name}_replaced$newline"*) ;;
      *)
        # What was not renamed yet is no new one, and what does not tell its revision may not be one.
        newer=$(revisions_of "$name") || newer=''
        case $newer in '' | "$held_revision") back=yes; continue ;; esac ;;
    esac
    as_user "$engine" rm --force "$name" >/dev/null || :
  done
  for name in $all; do
    case $name in *_replaced) ;; *) continue ;; esac
    as_user "$engine" rename "$name" "${name%_replaced}" && as_user "$engine" start "${name%_replaced}" >/dev/null || back=no
    back=${back:-yes}
  done
}

# The words on what became of the release that ran before.
back_words() {
  case $back in
    yes) echo ' What ran before runs again.' ;;
    no) echo ' What ran before could not be started again.' ;;
    unknown) echo ' Whether anything runs is not known.' ;;
    *) echo ' Nothing ran before.' ;;
  esac
}

# fail CODE MESSAGE within an exchange.
fail() {
  undo=''
  "$put_back"
  services_json=$(describe "$service") || services_json=''
  finish "$failure_exit" Failed "$1" "$2$(back_words)"
}

exchange_containers() {
  put_back=put_back_containers
  recover_containers
  undo=$put_back
  all=$(containers) || fail StartFailed "The containers cannot be listed: $(words "$work/words")"
  for name in $all; do
    as_user "$engine" rename "$name" "${name}_replaced" && as_user "$engine" stop -t "$gracePeriod" "${name}_replaced" >/dev/null ||
      fail StartFailed "$name cannot be stopped."
  done
  date +%s >"$held/activated"
  restart=unless-stopped
  [ "$engine" = docker ] || restart=always
  log_options "$1/request" >"$work/logging"
  for place in "$1"/request/container.*; do
    container=$(cat "$place/name")
    id=$(awk -v name="$container" '$1 == name { print $2 }' "$1/images")
    set -- "$1"
    for port in "$place"/port.*; do
      [ ! -f "$port" ] || set -- "$@" --publish "$(cat "$port")"
    done
    while IFS= read -r option; do set -- "$@" "--log-${option%%=*}" "${option#*=}"; done <"$work/logging"
    set -- "$@" "$id"
    for argument in "$place"/argument.*; do
      [ -f "$argument" ] || continue
      value=$(cat "$argument" && printf .)
      set -- "$@" "${value%.}"
    done
    release=$1
    shift
    as_user "$engine" run --detach --name "$service.$container" --restart "$restart" --stop-timeout "$gracePeriod" \
      --label "$labels=$service" --label "dev.lightkeeper.revision=$revision" --label "dev.lightkeeper.user=$runAs" \
      --env-file "$release/env.$container" "$@" >/dev/null 2>"$work/words" || {
      case $(cat "$work/words") in
        *'port is already allocated'* | *'address already in use'*) fail PortTaken "$container: $(words "$work/words")" ;;
        *) fail StartFailed "$container: $(words "$work/words")" ;;
      esac
    }
    set -- "$release"
  done
  second=0
  while [ "$second" -lt "$settle_seconds" ]; do
    second=$((second + 1))
    sleep 1
    for place in "$1"/request/container.*; do
      container=$(cat "$place/name")
      state=$(state_of "$service.$container")
      case $state in
        'running 0 '*) ;;
        *) fail ExitedAtStart "$container ended after its start with exit code ${state##* }." ;;
      esac
    done
  done
}

# Docker starts containers again after a start of the host; Podman needs a unit for it, and that of a user a manager that
# runs without a session. A way back is not refused for want of it.
persist_containers() {
  [ "$engine" = podman ] && [ -d "$root/run/systemd/system" ] || return 0
  if [ "$uid" -eq 0 ]; then
    systemctl enable podman-restart.service
  else
    loginctl enable-linger "$runAs" && systemctl start "user@$uid.service" && know_user &&
      as_user systemctl --user enable podman-restart.service
  fi >"$work/words" 2>&1 || [ "$verb" = rollback ] ||
    finish "$failure_exit" Failed ToolMissing "systemd cannot be set to start the containers of $runAs with the host: $(words "$work/words")"
}

# log_options REQUEST: lines `driver=NAME` and `opt=KEY=VALUE`.
log_options() {
  if [ -f "$1/logDriver" ]; then
    driver=$(cat "$1/logDriver")
    printf 'driver=%s\n' "$driver"
    for place in "$1"/logOption.*; do
      [ ! -f "$place" ] || printf 'opt=%s\n' "$(cat "$place")"
    done
    # Docker would ask the host's own metadata.
    if [ "$driver" = awslogs ] && is_name "${AWS_SSM_REGION_NAME:-}" 32 label; then
      grep -qs '^awslogs-region=' "$1"/logOption.* || printf 'opt=awslogs-region=%s\n' "$AWS_SSM_REGION_NAME"
    fi
  elif [ "$engine" = docker ]; then
    printf '%s\n' driver=json-file opt=max-size=10m opt=max-file=3
  fi
}

# What `inspect` shows of such options, as json_leaves prints it. Podman shows sizes in words of its own.
log_leaves() {
  log_options "$1" | sed 's/[\\"]/\\&/g' | awk -v engine="$engine" '
    { name = substr($0, 5, index(substr($0, 5), "=") - 1); value = substr($0, 6 + length(name)) }
    /^driver=/ { print ".Type\t" substr($0, 8); next }
    engine == "docker" { print ".Config." name "\t" value; next }
    name == "max-size" { print ".Size\t" substr(value, 1, length(value) - 1) (value ~ /k$/ ? "kB" : value ~ /m$/ ? "MB" : "GB") }
    name == "tag" { print ".Tag\t" value }'
}

describe_containers() {
  log_leaves "$1/request" >"$work/declared"
  for place in "$1"/request/container.*; do
    [ -d "$place" ] || continue
    container=$(cat "$place/name") image='' digest='' environment=Unknown logging=Unknown variables='' started=0 user='' restarts=0
    as_user "$engine" container inspect --format '{{.State.Status}}|{{.RestartCount}}|{{json .State.StartedAt}}|{{.Image}}|{{.Config.Image}}|{{index .Config.Labels "dev.lightkeeper.user"}}
{{json .HostConfig.LogConfig}}
{{range .Config.Env}}{{println .}}{{end}}' "$service.$container" >"$work/inspected" 2>/dev/null || echo 'missing|0||||' >"$work/inspected"
    IFS='|' read -r state restarts started id image user <"$work/inspected" || :
    case $state in running) state=Running ;; restarting) state=Restarting ;; missing) state=Missing ;; *) state=Exited ;; esac
    if [ "$state" != Missing ]; then
      started=$(date -d "$(printf %s "$started" | tr -d '"')" +%s) || started=0
      pulled=$(awk -v name="$container" '$1 == name { print $2, $3 }' "$1/images")
      if [ "${pulled%% *}" = "$id" ]; then
        image=$(cat "$place/image") digest=${pulled##* }
        [ "$digest" != - ] || digest=$id
      else
        digest=$id
      fi
      sed -n 2p "$work/inspected" | json_leaves >"$work/logged" || : >"$work/logged"
      if [ -s "$work/logged" ]; then
        logging=Equal
        [ ! -s "$work/declared" ] || ! grep -qFvx -f "$work/logged" "$work/declared" || logging=Differs
      fi
      tail -n +3 "$work/inspected" >"$work/running"
      environment=Equal
      if ! (cd "$1" && sha256sum -c --status checksums) 2>/dev/null || grep -qFvx -f "$work/running" "$1/env.$container"; then
        environment=Differs
      fi
      # Not the names in the env file, which is the user's.
      [ -n "$brief" ] || variables=$(for variable in "$place"/variable.*; do
        [ -d "$variable" ] || continue
        name=$(cat "$variable/name")
        if grep -q "^$name=" "$work/running"; then printf ',"%s"' "$name"; fi
      done)
    fi
    is_number "$restarts" 0 9999999999 || restarts=0
    is_number "$started" 0 9999999999 || started=0
    printf ',{"name":"%s","state":"%s","image":%s,"digest":%s,"restarts":%s,"startedAt":%s,"user":%s,"environment":"%s","logging":"%s","variables":[%s]}' \
      "$container" "$state" "$(text "$image")" "$(text "$digest")" "$restarts" "$started" "$(text "$user")" "$environment" "$logging" "${variables#,}"
  done | cut -c2-
}

# ---- Pm2

# Git on a release's tree, whose own settings run nothing.
tree_git() {
  tree=$1
  shift
  as_user env LC_ALL=C git -C "$tree" -c core.fileMode=false -c core.hooksPath=/dev/null -c core.fsmonitor=false \
    -c protocol.allow=never -c protocol.https.allow=always "$@"
}

# What in a release's tree is not as it was committed.
dirt() {
  tree_git "$1/tree" status --porcelain 2>&1 | head -n 3
  [ "$(tree_git "$1/tree" rev-parse HEAD 2>&1)" = "$(cat "$1/commit")" ] || echo 'another commit'
}

# fetch_commit TREE: leaves what was asked for in FETCH_HEAD.
fetch_commit() {
  set -- "$1" -c credential.helper=
  if [ -n "$credentialsParameter" ]; then
    secret=$(parameter "$credentialsParameter" | json_line) || finish 12 Failed ParameterInvalid "Parameter $credentialsParameter has a line break."
    case $secret in *:*) ;; *) secret=x-access-token:$secret ;; esac
    mkdir "$work/git"
    printf 'username=%s\npassword=%s\n' "${secret%%:*}" "${secret#*:}" >"$work/git/credentials"
    secret=''
    chown -R "$runAs" "$work/git"
    set -- "$@" -c "credential.helper=!f() { test \"\$1\" != get || cat '$work/git/credentials'; }; f"
  fi
  reference=refs/tags/$commit
  ! is_commit "$commit" || reference=$commit
  GIT_TERMINAL_PROMPT=0
  export GIT_TERMINAL_PROMPT
  tree_git "$@" fetch --quiet --no-tags --depth 1 "$repository" "$reference" >"$work/words" 2>&1 && return 0
  case $(cat "$work/words") in
    *"couldn't find remote ref"* | *'not our ref'*) code=RevisionNotFound ;;
    *unadvertised*)
      # Some servers give away single commits only with all that leads to them.
      ! tree_git "$@" fetch --quiet "$repository" '+refs/*:refs/remotes/all/*' >"$work/words" 2>&1 ||
        ! tree_git "$@" fetch --quiet . "$commit" >"$work/words" 2>&1 || return 0
      code=RevisionNotFound ;;
    *) code=CloneFailed ;;
  esac
  finish 12 Failed "$code" "$commit of $repository: $(words "$work/words")"
}

is_commit() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "${#1}" -eq 40 ]
}

prepare_pm2() {
  release=$1
  mkdir "$release/tree"
  chown "$runAs" "$release/tree"
  tree_git "$release/tree" init --quiet --template=
  fetch_commit "$release/tree"
  tree_git "$release/tree" checkout --quiet --detach FETCH_HEAD >"$work/words" 2>&1 || finish 12 Failed CloneFailed "$(words "$work/words")"
  tree_git "$release/tree" rev-parse HEAD >"$release/commit"
  ! is_commit "$commit" || [ "$commit" = "$(cat "$release/commit")" ] || finish 12 Failed RevisionNotFound "$repository answered with another commit than $commit."
  rm -rf "$work/git"
  for place in "$release"/request/build.*; do
    [ -d "$place" ] || continue
    set --
    for argument in "$place"/argument.*; do
      value=$(cat "$argument" && printf .)
      set -- "$@" "${value%.}"
    done
    (cd "$release/tree" && as_user "$@") >"$work/words" 2>&1 </dev/null || finish 12 Failed BuildFailed "$1: $(words "$work/words")"
  done
  for place in "$release"/request/process.*; do
    as_user test -f "$release/tree/$(cat "$place/script")" || finish 12 Failed ScriptMissing "There is no $(cat "$place/script") after the build."
  done
  for place in "$release"/request/executable.*; do
    [ -d "$place" ] || continue
    glob=$(cat "$place/glob")
    # By the user, since the tree may link to anywhere. The pattern has only characters of names, slashes and stars.
    # shellcheck disable=SC2016
    as_user sh -c '
      found=1
      for file in "$1/"$2; do
        if [ -f "$file" ] && [ ! -L "$file" ]; then chmod u+x "$file" && found=0 || exit 1; fi
      done
      exit "$found"' sh "$release/tree" "$glob" >"$work/words" 2>&1 || finish 12 Failed ExecutableMissing "No file matches $glob."
  done
  dirty=$(dirt "$release")
  [ -z "$dirty" ] || finish 12 Failed DirtyTree "The build changed files that are committed, or left new ones: $dirty"
  write_ecosystem "$release/request" >"$release/ecosystem.json"
  (cd "$release" && sha256sum ecosystem.json) >"$release/checksums"
  chown "$runAs" "$release/ecosystem.json"
}

write_ecosystem() {
  printf '{"apps":['
  separator=''
  for place in "$1"/process.*; do
    instances=1 mode=fork
    [ ! -f "$place/instances" ] || instances=$(cat "$place/instances")
    [ "$instances" -eq 1 ] || mode=cluster
    printf '%s{"name":"%s","namespace":"%s","script":"%s","cwd":"%s","instances":%s,"exec_mode":"%s","merge_logs":true,"log_date_format":"YYYY-MM-DDTHH:mm:ss","kill_timeout":%s,"env":{' \
      "$separator" "$service.$(cat "$place/name")" "$service" "$held/current/tree/$(cat "$place/script")" "$held/current/tree" "$instances" "$mode" "$((gracePeriod * 1000))"
    separator=''
    for variable in "$place"/variable.*; do
      [ -d "$variable" ] || continue
      printf '%s"%s":"' "$separator" "$(cat "$variable/name")"
      if [ -f "$variable/value" ]; then json_inside "$variable/value"; else parameter "$(cat "$variable/from")" | tr -d '\n'; fi
      printf '"'
      separator=,
    done
    printf '}}'
    separator=,
  done
  printf ']}\n'
}

# What pm2 runs of this service: lines `name|status|restarts|start|user|log|error log|index`; fails when pm2 does not tell.
pm2_rows() {
  as_user pm2 jlist 2>/dev/null | head -c 8388608 | sed -n '/^\[[]{]/p' | tail -n 1 >"$work/listed"
  json_leaves <"$work/listed" >"$work/jlist" && [ -s "$work/listed" ] || return 1
  awk -F '\t' -v service="$service" '
    { split($1, at, "."); v = substr($0, length($1) + 2) }
    at[3] == "name" { name[at[2]] = v }
    at[3] == "pm2_env" && at[5] == "" { field[at[2], at[4]] = v }
    END { for (i in name) if (field[i, "namespace"] == service)
      print name[i] "|" field[i, "status"] "|" field[i, "restart_time"] "|" int(field[i, "pm_uptime"] / 1000) "|" field[i, "username"] "|" \
        field[i, "pm_out_log_path"] "|" field[i, "pm_err_log_path"] "|" i }' "$work/jlist" | sort
}

# All that pm2 does not take over when it reloads.
shape() {
  for place in "$1"/request/process.*; do
    cat "$place/name" "$place/script" "$place"/instances "$place"/variable.*/name 2>/dev/null | tr '\n' ' '
    cat "$1/gracePeriod"
  done
}

delete_pm2() {
  pm2_rows >"$work/rows" || return 1
  all=$(cut -d'|' -f1 "$work/rows" | sort -u)
  for name in $all; do as_user pm2 delete "$name" >/dev/null || return 1; done
}

# start_pm2 RELEASE
start_pm2() {
  as_user pm2 startOrReload "$1/ecosystem.json" --update-env >"$work/words" 2>&1
}

put_back_pm2() {
  delete_pm2 || :
  back=''
  if [ -n "$held_revision" ]; then
    link current "$held_revision"
    start_pm2 "$held/releases/$held_revision" && back=yes || back=no
  else
    link current ''
  fi
  persist_pm2
}

# pm2 saves all variables, in a file that keeps the mode that it has.
save_pm2() {
  # shellcheck disable=SC2016
  as_user sh -c 'umask 077; pm2 save --force; chmod go= "${PM2_HOME:-$HOME/.pm2}"/dump.pm2*' >/dev/null || :
}

# After a start of the host, pm2 starts what it saved.
persist_pm2() {
  save_pm2
  if [ -d "$root/run/systemd/system" ] && ! systemctl is-enabled --quiet "pm2-$runAs" && is_roots node && is_roots pm2; then
    pm2 startup systemd -u "$runAs" --hp "$home" >/dev/null || :
  fi
}

exchange_pm2() {
  put_back=put_back_pm2
  undo=$put_back
  # Not the release that is held: an exchange may have been cut off.
  if [ ! -d "$held/current/" ] || [ "$(shape "$held/current")" != "$(shape "$1")" ]; then
    delete_pm2 || fail StartFailed 'What ran before cannot be stopped.'
  fi
  link current "${1##*/}"
  date +%s >"$held/activated"
  start_pm2 "$1" || fail StartFailed "$(words "$work/words")"
  second=0 first=''
  while [ "$second" -lt "$settle_seconds" ]; do
    second=$((second + 1))
    sleep 1
    pm2_rows >"$work/rows" || :
    [ -n "$first" ] || first=$(cut -d'|' -f1-3 "$work/rows")
    for place in "$1"/request/process.*; do
      name=$service.$(cat "$place/name") instances=1
      [ ! -f "$place/instances" ] || instances=$(cat "$place/instances")
      [ "$(grep -cF "$name|online|" "$work/rows")" -eq "$instances" ] || fail ExitedAtStart "$(cat "$place/name") ended after its start."
    done
    [ "$first" = "$(cut -d'|' -f1-3 "$work/rows")" ] || fail ExitedAtStart 'A process was started again and again.'
  done
  persist_pm2
}

remove_pm2() {
  delete_pm2 || finish 17 Failed '' 'pm2 cannot delete the processes.'
  save_pm2
}

describe_pm2() {
  commit=$(cat "$1/commit")
  [ -z "$(dirt "$1")" ] || dirty=true
  pm2_rows >"$work/rows" || :
  # A copy, because its user may change the file at any time; what is not as it was written is not read.
  head -c 4194304 "$1/ecosystem.json" >"$work/ecosystem.json" || :
  whole=yes
  (cd "$work" && sha256sum -c --status "$1/checksums") 2>/dev/null && json_leaves <"$work/ecosystem.json" >"$work/declared" || {
    whole=''
    : >"$work/declared"
  }
  application=0
  for place in "$1"/request/process.*; do
    name=$(cat "$place/name") instances=1
    [ ! -f "$place/instances" ] || instances=$(cat "$place/instances")
    # Of all instances: the worst state, all restarts, the latest start; and whether each has the declared variables.
    described=$(awk -F '\t' -v name="$service.$name" -v application="$application" -v instances="$instances" -v brief="$brief" -v whole="$whole" '
      function number(text) { return text ~ /^[0-9]+$/ && length(text) <= 10 ? text + 0 : 0 }
      FILENAME ~ /rows$/ { split($0, row, "|"); if (row[1] != name) next
        n++; index_of[n] = row[8]; restarts += number(row[3]); if (number(row[4]) > started) started = number(row[4])
        user = substr(row[5], 1, 400); gsub(/[^ -~]|["\\]/, "?", user)
        if (row[2] == "online") online++; else if (row[2] != "stopped" && row[2] != "errored") restarting++; next }
      FILENAME ~ /declared$/ { split($1, at, "."); if (at[2] == "apps" && at[3] == application && at[4] == "env") declared[at[5]] = substr($0, length($1) + 2); next }
      { split($1, at, "."); if (at[3] == "pm2_env" && at[4] == "env") running[at[2], at[5]] = substr($0, length($1) + 2) }
      END {
        environment = !n ? "Unknown" : whole ? "Equal" : "Differs"
        for (variable in declared) for (i = 1; i <= n; i++) {
          if (!((index_of[i], variable) in running) || running[index_of[i], variable] != declared[variable]) environment = "Differs"
          if (i == 1 && !brief && (index_of[i], variable) in running) variables = variables (variables == "" ? "" : ",") "\"" variable "\""
        }
        state = !n ? "Missing" : online == instances ? "Running" : restarting ? "Restarting" : "Exited"
        printf "\"state\":\"%s\",\"image\":\"\",\"digest\":\"\",\"restarts\":%d,\"startedAt\":%d,\"user\":\"%s\",\"environment\":\"%s\",\"variables\":[%s]", \
          state, restarts, started, user, environment, variables
      }' "$work/rows" "$work/declared" "$work/jlist")
    processes="$processes${processes:+,}{\"name\":\"$name\",$described}"
    application=$((application + 1))
  done
}

# logs_pm2 SINCE BYTES: as the user, who says where the files are. pm2 dates lines by the host's own time, without its zone.
# Lines without a date follow one that has it.
logs_pm2() {
  since=$(date -d "@$1" +%Y-%m-%dT%H:%M:%S)
  pm2_rows | cut -d'|' -f6,7 | tr '|' '\n' | sort -u | while read -r file; do
    as_user test -f "$file" </dev/null || continue
    as_user cat -- "$file" </dev/null | awk -v since="$since" -v zone="$(date +%:z)" '
      /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]: / { at = substr($0, 1, 19); $0 = substr($0, 22) }
      at >= since { print at zone " " $0 }' | newest "$2"
  done >"$work/log"
}

# ---- The verbs

# describe SERVICE: the JSON of one service of this host.
describe() (
  service=$1
  read_state "$service"
  [ -f "$held/state.json" ] || exit 0
  runtime=$held_runtime runAs=$held_user processes='' dirty=false commit=''
  know_engine
  if [ -d "$held/current/" ] && know_user; then
    # An exchange was cut off after it had swapped the link.
    [ "$(readlink "$held/current")" = "releases/$held_revision" ] || dirty=true
    case $runtime in
      Pm2) describe_pm2 "$held/current" ;;
      *)
        ! is_mixed || dirty=true
        processes=$(describe_containers "$held/current") ;;
    esac
  fi
  printf '{"service":"%s","owner":"%s","revision":"%s","previous":"%s","fingerprint":"%s","runtime":"%s","operation":"%s","dirty":%s,"commit":%s,"processes":[%s]}' \
    "$service" "$held_owner" "$held_revision" "$held_previous" "$held_fingerprint" "$runtime" "$held_operation" "$dirty" "$(text "$commit")" "$processes"
)

inspect() {
  describe_host
  brief=''
  if [ -n "$service" ]; then
    read_state "$service"
    services_json=$(describe "$service")
    if [ -n "$runtime" ]; then
      know_engine
      preflight
      [ -z "$first_problem" ] || finish 11 Refused "$first_problem" "$first_words"
    fi
  else
    set -- "$base"/*/state.json
    [ $# -le 8 ] || brief=yes
    for place in "$@"; do
      [ -f "$place" ] || continue
      place=${place%/state.json}
      services_json="$services_json${services_json:+,}$(describe "${place##*/}")"
    done
  fi
  finish 0 Done '' ''
}

prepare() {
  failure_exit=12
  lock
  recall
  read_state "$service"
  know_engine
  preflight
  if [ -n "$first_problem" ]; then
    record=''
    finish 11 Refused "$first_problem" "$first_words"
  fi
  hold
  # First: what fails is removed only from hosts that tell of the service.
  [ -n "$held_owner" ] || write_state '' '' ''
  prepared=$held/releases/$revision
  if ! intact "$prepared"; then
    # In its final place, because builds write down where they ran; beside it when that is what runs now.
    building=$prepared
    [ "$revision" != "$held_revision" ] || building=$held/releases/.new
    rm -rf "$building"
    mkdir "$building"
    chmod 711 "$building"
    printf %s "$runtime" >"$building/runtime"
    printf %s "$runAs" >"$building/runAs"
    printf %s "$gracePeriod" >"$building/gracePeriod"
    cp -R "$work/release" "$building/request"
    case $runtime in
      Pm2) prepare_pm2 "$building" ;;
      *) prepare_containers "$building" ;;
    esac
    # Last: without it, a release is not whole.
    printf %s "$fingerprint" >"$building/fingerprint"
    if [ "$building" != "$prepared" ]; then
      rm -rf "$held/releases/.old"
      [ ! -d "$prepared" ] || mv -T "$prepared" "$held/releases/.old"
      mv -T "$building" "$prepared"
      rm -rf "$held/releases/.old"
    fi
  fi
  finish 0 Done '' "Release $revision is prepared."
}

# go RELEASE PREVIOUS: exchanges what runs, then the links.
go() {
  intact "$held/releases/$1" || {
    [ "$runtime" != Pm2 ] || [ -z "$(dirt "$held/releases/$1")" ] || finish "$failure_exit" Failed DirtyTree "The tree of release $1 was changed after it was prepared."
    finish "$failure_exit" Failed EnvironmentDiffers "Release $1 is not what was prepared: its env files or images changed."
  }
  case $runtime in
    Pm2) exchange_pm2 "$held/releases/$1" ;;
    *) persist_containers; exchange_containers "$held/releases/$1" ;;
  esac
  link current "$1"
  link previous "$2"
  write_state "$1" "$2" "$fingerprint"
  undo=''
  clean_up
  brief=''
  services_json=$(describe "$service")
}

# What neither the current nor the previous release needs goes.
clean_up() {
  if [ "$runtime" != Pm2 ]; then
    all=$(containers) || all=''
    for name in $all; do
      case $name in *_replaced) as_user "$engine" rm --force "$name" >/dev/null || : ;; esac
    done
  fi
  for place in "$held"/releases/*; do
    case ${place##*/} in "$(readlink "$held/current" | sed 's/.*\///')" | "$(readlink "$held/previous" | sed 's/.*\///')") continue ;; esac
    drop_release "$place"
  done
}

# An image goes when no other release of any service on this host has it.
drop_release() {
  [ ! -f "$1/images" ] || mv -f "$1/images" "$1/dropped"
  if [ -f "$1/dropped" ]; then
    while read -r _ id _; do
      cat "$base"/*/releases/*/images 2>/dev/null | grep -qF "$id" || as_user "$engine" image rm "$id" >/dev/null || :
    done <"$1/dropped"
  fi
  rm -rf "$1"
}

own() {
  [ -z "$held_owner" ] || [ -z "$owner" ] || [ "$held_owner" = "$owner" ] ||
    finish "$failure_exit" Failed ForeignOwner "$service on this host belongs to another resource ($held_owner)."
}

activate() {
  failure_exit=13
  lock
  recall
  read_state "$service"
  own
  [ -f "$held/releases/$revision/fingerprint" ] && [ "$(cat "$held/releases/$revision/fingerprint")" = "$fingerprint" ] || {
    record=''
    finish 13 Failed RevisionNotFound "Release $revision is not prepared on this host."
  }
  take_release "$held/releases/$revision"
  if [ "$held_revision" = "$revision" ]; then go "$revision" "$held_previous"; else go "$revision" "$held_revision"; fi
  finish 0 Done '' "Release $revision runs."
}

rollback() {
  failure_exit=14
  lock
  recall
  read_state "$service"
  own
  owner=$held_owner
  revision=${revision:-$held_previous}
  [ -n "$revision" ] && [ -f "$held/releases/$revision/fingerprint" ] ||
    finish 14 Failed NoPrevious "There is no release to go back to on this host."
  take_release "$held/releases/$revision"
  if [ "$revision" = "$held_revision" ]; then
    services_json=$(describe "$service")
    case $services_json in
      *'"state":"Exited"'* | *'"state":"Missing"'* | *'"state":"Restarting"'* | *'"environment":"Differs"'* | *'"logging":"Differs"'* | *'"dirty":true'*) ;;
      *) finish 0 Done '' "Release $revision runs still." ;;
    esac
  fi
  go "$revision" ''
  finish 0 Done '' "Release $revision runs again."
}

remove() {
  failure_exit=17
  lock
  read_state "$service"
  own
  if [ -d "$held" ]; then
    if [ -n "$held_runtime" ]; then
      runtime=$held_runtime runAs=$held_user
      know_engine
      if know_user; then
        case $runtime in
          Pm2) remove_pm2 ;;
          *)
            all=$(containers) || finish 17 Failed '' "The containers cannot be listed: $(words "$work/words") Nothing was removed."
            for name in $all; do
              as_user "$engine" stop -t "$gracePeriod" "$name" >/dev/null && as_user "$engine" rm --force "$name" >/dev/null ||
                finish 17 Failed '' "$name cannot be removed."
            done ;;
        esac
      fi
      rm -f "$held/current" "$held/previous"
      for place in "$held"/releases/*; do drop_release "$place"; done
    fi
    rm -rf "$held"
  fi
  finish 0 Done '' "$service is removed."
}

# Asks what $place says and leaves there what came of it. It runs beside the script.
ask() {
  method=GET millis=5000
  [ ! -f "$place/method" ] || method=$(cat "$place/method")
  [ ! -f "$place/timeoutMillis" ] || millis=$(cat "$place/timeoutMillis")
  set -- --request "$method"
  [ "$method" != HEAD ] || set -- --head
  # In a file, because a header may hold what a list of processes must not show.
  for header in "$place"/header.*; do
    [ ! -f "$header" ] || { cat "$header"; echo; }
  done >"$place/headers"
  [ ! -s "$place/headers" ] || set -- "$@" --header "@$place/headers"
  : >"$place/body"
  : >"$place/answered"
  # No more than 64 KiB of an answer reach the disk.
  (
    trap '' XFSZ
    ulimit -f 64
    curl --disable --silent --show-error --globoff --path-as-is --noproxy '*' --proto '=http' \
      --max-time "$((millis / 1000)).$(printf %03d $((millis % 1000)))" "$@" --dump-header "$place/answered" \
      --output "$place/body" --write-out '%{http_code} %{time_total}\n' \
      --url "http://localhost:$(cat "$place/port")$(cat "$place/path")" >"$place/measured" 2>"$place/words"
  ) || :
  : >"$place/asked"
}

# responses BYTES LINES: all answers, with no more than that of each one's body and headers.
responses() {
  for place in "$work"/release/probe.*; do
    read -r status seconds <"$place/measured" || { status=000 seconds=0; }
    error='' cut=false
    [ "$status" != 000 ] || error=$(words "$place/words")
    [ "$(wc -c <"$place/body")" -le "$1" ] || cut=true
    headers=$(head -n "$2" "$place/told" | tr -d '\n')
    printf ',{"id":"%s","status":%s,"millis":%s,"headers":[%s],"body":"%s","cut":%s,"error":%s}' "$(cat "$place/id")" \
      "$(printf '%s\n' "$status" | sed 's/^00*\(.\)/\1/')" "$(printf '%s\n' "$seconds" | awk '{ print int($1 * 1000) }')" \
      "${headers#,}" "$(head -c "$1" "$place/body" | base64 | tr -d '\n')" "$cut" "$(text "$error")"
  done | cut -c2-
}

probe() {
  failure_exit=16
  is_roots curl || finish 16 Failed ToolMissing 'There is no curl on this host that belongs to root.'
  for place in "$work"/release/probe.*; do
    [ -f "$place/port" ] && [ -f "$place/path" ] || refuse 'A probe without port or path.'
  done
  # One after another, but none waits for more than a second for the one before: together they take little longer than one.
  for place in "$work"/release/probe.*; do
    ask &
    tenths=0
    while [ ! -e "$place/asked" ] && [ "$tenths" -lt 10 ]; do
      tenths=$((tenths + 1))
      sleep 0.1
    done
  done
  wait
  for place in "$work"/release/probe.*; do
    tr -d '\r' <"$place/answered" | grep : | head -n 40 | while read -r value; do printf ',%s\n' "$(text "$value")"; done >"$place/told"
  done
  # Rather less of each than nothing of all.
  for bytes in 2048 1024 512 256 128 0; do
    responses_json=$(responses "$bytes" $((bytes / 64 + 8)))
    [ "${#responses_json}" -gt $((longest_response - 500)) ] || break
  done
  finish 0 Done '' ''
}

# newest BYTES: the last lines of its input, of no more bytes. What is not told is not kept: /run may be memory.
newest() {
  tail -c "$(($1 + 1))" >"$work/newest"
  if [ "$(wc -c <"$work/newest")" -le "$1" ]; then
    cat "$work/newest"
  else
    : >"$work/shortened"
    sed 1d "$work/newest"
  fi
}

# log_of SERVICE SINCE LIMIT: the JSON of one log: lines `TIME TEXT` since then, the newest that fit when they are packed.
log_of() (
  service=$1 kind=pm2 readable=true cut=false
  read_state "$service"
  runtime=$held_runtime runAs=$held_user
  know_engine
  know_user || readable=false
  : >"$work/log"
  rm -f "$work/shortened"
  most=$((20 * $3))
  case $readable:$runtime in
    false:*) ;;
    *:Pm2) logs_pm2 "$2" "$most" ;;
    *)
      all=$(containers) || { all='' readable=false; }
      for name in $all; do
        kind=$(as_user "$engine" container inspect --format '{{.HostConfig.LogConfig.Type}}' "$name" | tr -cd 'a-z0-9-' | cut -c1-32)
        { as_user "$engine" logs --timestamps --since "$2" "$name" 2>&1 || : >"$work/unread"; } | newest "$most" >"$work/one"
        if [ -e "$work/unread" ]; then readable=false; else cat "$work/one" >>"$work/log"; fi
        rm -f "$work/unread"
      done ;;
  esac
  [ ! -e "$work/shortened" ] || cut=true
  sort -s -k 1,1 "$work/log" >"$work/one"
  size=$(wc -c <"$work/one")
  [ "$size" -le "$most" ] || size=$most cut=true
  while tail -c "$size" "$work/one" | gzip -n >"$work/packed"; [ "$(wc -c <"$work/packed")" -gt "$3" ]; do
    size=$((size * 3 / 4)) cut=true
  done
  printf '{"service":"%s","kind":"%s","readable":%s,"cut":%s,"activatedAt":%s,"log":"%s"}' \
    "$service" "$kind" "$readable" "$cut" "$(cat "$held/activated" 2>/dev/null || echo 0)" "$(base64 <"$work/packed" | tr -d '\n')"
)

logs() {
  failure_exit=16
  [ "$limitBytes" -le "$longest_log" ] || limitBytes=$longest_log
  host_json="{\"time\":$(date +%s)}"
  set -- "$work"/release/log.*
  [ -f "$1/name" ] || refuse 'The request names no log.'
  for place in "$@"; do
    shift
    [ ! -d "$base/$(cat "$place/name")/current/" ] || set -- "$@" "$place"
  done
  for place in "$@"; do
    [ -f "$place/since" ] || printf 0 >"$place/since"
    logs_json="$logs_json${logs_json:+,}$(log_of "$(cat "$place/name")" "$(cat "$place/since")" "$((limitBytes / $#))")"
  done
  finish 0 Done '' ''
}

exec 3>&1 4>&2
mkdir -p "$root/run"
work=$(mktemp -d "$root/run/lightkeeper.XXXXXX") || {
  echo '{"version":1,"verb":"","operation":"","result":"Failed","code":"DiskFull","message":"No temporary folder can be made."}'
  exit 10
}
chmod 711 "$work"
exec >"$work/noise" 2>&1
trap unexpected EXIT
trap 'exit 143' HUP INT TERM
read_request
"$verb"
