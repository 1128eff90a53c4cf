# shellcheck shell=bash
# What ./mesh, ./demo and bench/run share: which Java runs, and a jar that is as new as its sources.
# Sourced by them with $root set to the checkout; not to be run.

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# JAVA_HOME's program where it has one, as Maven does it too; else the one of the PATH.
find_java() {
  if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/$1 ]]; then
    printf '%s\n' "$JAVA_HOME/bin/$1"
  else
    command -v "$1" || true
  fi
}

# at_least 3.8 3.9.6
at_least() {
  local want_major=${1%%.*} want_minor=${1#*.} major minor
  IFS=. read -r major minor _ <<< "$2.0"
  major=${major%%[!0-9]*} minor=${minor%%[!0-9]*}
  [[ -n $major ]] || return 1
  ((major > want_major || (major == want_major && ${minor:-0} >= want_minor)))
}

# Sets $java.
check_java() {
  java=$(find_java java)
  [[ -n $java ]] || fail "No java was found (expected: a JDK 17 or later, on the PATH or in JAVA_HOME)."
  local version
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1) || true
  at_least 17.0 "$version" || fail "$java is Java ${version:-of an unknown version} (expected: 17 or later)."
}

check_build_tools() {
  [[ -n $(find_java javac) ]] || fail "No javac was found (expected: a JDK 17 or later; a runtime alone cannot build)."
  command -v mvn > /dev/null || fail "No mvn was found (expected: Maven 3.8 or later on the PATH)."
  local version
  version=$(mvn -B -v 2> /dev/null | sed -n 's/.*Apache Maven \([0-9][^ ]*\).*/\1/p' | head -n 1) || true
  at_least 3.8 "$version" || fail "mvn is Maven ${version:-of an unknown version} (expected: 3.8 or later)."
}

# is_current JAR MODULE: whether nothing that the module, the library and the command are built from
# is newer.
is_current() {
  [[ -f $1 ]] || return 1
  local module modules=(mesh-client mesh-client-cli "$2") sources=("$root/pom.xml")
  if [[ $2 == *-spring ]]; then modules+=(mesh-client-spring); fi
  for module in "${modules[@]}"; do
    sources+=("$root/$module/pom.xml" "$root/$module/src/main")
  done
  [[ -z $(find "${sources[@]}" -newer "$1" -print) ]]
}

# build JAR MODULE [OPTION...]: one line, with the seconds on a terminal; Maven's own words only if it
# fails. All of it on standard error, for standard output is the program's. The options are Maven's.
build() {
  local work log started=$SECONDS status=0
  work=$(mktemp -d "${TMPDIR:-/tmp}/mesh-build.XXXXXX")
  log=$work/log
  : > "$work/begun"
  printf 'Building %s; the first time takes a minute or two, for Maven fetches what it needs.\n' "$2" >&2
  (cd "$root" && exec mvn -q -B -ntp -pl "$2" -am \
    -Dmaven.test.skip=true -Djacoco.skip=true -Denforcer.skip=true "${@:3}" package) > "$log" 2>&1 < /dev/null &
  local pid=$!
  trap 'kill "$pid" 2> /dev/null || true; rm -rf "$work"; exit 130' INT TERM
  while [[ -t 2 ]] && kill -0 "$pid" 2> /dev/null; do
    printf '\r  %d s ' $((SECONDS - started)) >&2
    sleep 1
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if ((status != 0)); then
    printf '\n' >&2
    tail -n 40 "$log" >&2
    rm -rf "$work"
    fail "The build failed; what Maven said last is above."
  fi
  [[ -f $1 ]] || fail "The build made no $1 (expected: an executable jar)."
  # Maven leaves a jar alone that would come out the same; what was edited meanwhile stays newer.
  touch -r "$work/begun" "$1"
  rm -rf "$work"
  if [[ -t 2 ]]; then printf '\r' >&2; fi
  printf '  built in %d s\n' $((SECONDS - started)) >&2
}

# build_unless_current JAR MODULE [OPTION...]
build_unless_current() {
  if is_current "$1" "$2"; then
    return
  fi
  check_build_tools
  build "$@"
}
