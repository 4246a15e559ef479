// Puts a built library into the package: node scripts/add_library.js …/libcryo.so.1 [FOLDER OF THE PACKAGE]
// What lies beside it and belongs to it comes along.

import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [library, folder = fileURLToPath(new URL("..", import.meta.url))] = process.argv.slice(2);
if (!library || !existsSync(library)) {
    console.error("usage: node scripts/add_library.js …/libcryo.so.1 [FOLDER OF THE PACKAGE]");
    process.exit(2);
}

const target = join(folder, "native", `${process.platform}-${process.arch}`);
mkdirSync(target, { recursive: true });
const names = process.platform === "darwin" ? ["libcryo.1.dylib"] : ["libcryo.so.1", "libcryo-deep.so.1"];
for (const name of names) {
    const from = basename(library).startsWith(name.replace(/\.\d+.*/, "")) ? library : join(dirname(library), name);
    copyFileSync(from, join(target, name));
    console.log(join(target, name));
}
