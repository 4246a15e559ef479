#!/bin/sh
# program.sh PREFIX: the installed program finds its library, tells its version, serves, and ends when told to.
set -eu
cryo=$1/bin/cryo

"$cryo" --version
pipe=$(mktemp -u)
mkfifo "$pipe"
trap 'rm -f "$pipe"' EXIT
"$cryo" serve --port 0 --json >"$pipe" 2>/dev/null &
server=$!
read -r line <"$pipe"
kill -TERM "$server"
wait "$server"
case $line in
*'"event":"listening"'*) ;;
*)
    echo "not what a server says first: $line" >&2
    exit 1
    ;;
esac
