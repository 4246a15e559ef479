#!/bin/sh
# cpp_find_package.sh PREFIX WORK: builds the programs in C++ with what find_package gives, and runs them.
# CXX and CXXFLAGS are taken from the environment, as CMake does.
set -eu
prefix=$1 work=$2
here=$(dirname -- "$0")

rm -rf "$work"
cmake -S "$here/cpp" -B "$work" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Debug
cmake --build "$work"
"$work/server"
"$work/server_static"
"$work/extensions"
