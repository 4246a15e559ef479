#!/bin/sh
# c_pkgconfig.sh PREFIX LIBDIR WORK [--static]: builds the program in C with what pkg-config says, and runs it.
# CC and CFLAGS are taken from the environment.
set -eu
prefix=$1 libdir=$2 work=$3 static=${4:-}
here=$(dirname -- "$0")
cc=${CC:-cc}

rm -rf "$work"
mkdir -p "$work"
PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
export PKG_CONFIG_PATH
pkg-config --exists --print-errors cryo
# shellcheck disable=SC2046,SC2086  # flags are words on purpose
$cc -std=c99 -Wall -Wextra -Wpedantic -Werror ${CFLAGS:-} -o "$work/server" "$here/c/server.c" \
    $(pkg-config --cflags --libs $static cryo) -Wl,-rpath,"$(pkg-config --variable=libdir cryo)"

if [ -n "$static" ] && readelf -d "$work/server" | grep -F libcryo; then
    echo "the program still wants the shared library" >&2
    exit 1
fi
"$work/server"
