package = "cryo"
version = "0.1.0-1"
source = { url = "." } -- made from a clone: luarocks make
description = {
  summary = "Real-time WebSocket sessions over libcryo, by LuaJIT's ffi",
  license = "MIT",
}
dependencies = { "lua == 5.1" } -- as LuaJIT calls itself
build = { type = "builtin", modules = { cryo = "cryo.lua" } }
