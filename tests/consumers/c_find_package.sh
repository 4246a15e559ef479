#!/bin/sh
# c_find_package.sh PREFIX WORK: builds the program in C with what find_package gives, and runs it.
# CC and CFLAGS are taken from the environment, as CMake does.
set -eu
prefix=$1 work=$2
here=$(dirname -- "$0")

for languages in C "C CXX"; do
    rm -rf "$work"
    cmake -S "$here/c_cmake" -B "$work" "-DLANGUAGES=$languages" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Debug
    cmake --build "$work"
    "$work/server_cryo"
    "$work/server_static"
done
