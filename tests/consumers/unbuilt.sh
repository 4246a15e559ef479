#!/bin/sh
# unbuilt.sh SOURCE WORK: what is not built is not installed half: the person is told what to do.
set -eu
source=$1 work=$2

rm -rf "$work"
cmake -S "$source" -B "$work/build" -DCRYO_BUILD_TESTS=OFF -DCRYO_BUILD_EXAMPLES=OFF -DCRYO_BUILD_BENCH=OFF >"$work.log" 2>&1
for component in "" runtime development; do
    if cmake --install "$work/build" --prefix "$work/prefix" ${component:+--component "$component"} 2>"$work/told"; then
        echo "something was installed that is not there" >&2
        exit 1
    fi
    tr -s "[:space:]" " " <"$work/told" | grep -F "is not built yet: cmake --build $work/build"
    if [ -e "$work/prefix" ]; then
        find "$work/prefix" >&2
        exit 1
    fi
done
