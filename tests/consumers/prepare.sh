#!/bin/sh
# prepare.sh BUILD WORK: installs the build to WORK/first and moves it to WORK/moved; WORK/static is a copy without the shared
# library. Nothing that users' builds read may still name the first place.
set -eu
build=$1 work=$2

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/moved"
if grep -r -l -F -e "$work/first" -e "$build" --include='*.pc' --include='*.cmake' --include='*.h' --include='*.hpp' "$work/moved"; then
    echo "these files name the place where they were installed first, or built" >&2
    exit 1
fi

cp -R "$work/moved" "$work/static"
find "$work/static" -name 'libcryo.so*' -exec rm {} +
find "$work/static" -name 'cryoSharedTargets*' -exec rm {} +
rm "$work/static/bin/cryo"
