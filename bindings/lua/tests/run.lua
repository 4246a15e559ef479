-- luajit tests/run.lua [NAME…]: all tests, or those in test_NAME.lua.
local folder = arg[0]:match("^(.*)tests/run%.lua$")
package.path = ("%s?.lua;%stests/?.lua;%s"):format(folder, folder, package.path)
require("ffi").cdef "int setenv(const char *, const char *, int);"
require("ffi").C.setenv("LUA_PATH", package.path, 1) -- for the programs that tests start
for _, name in ipairs(#arg > 0 and arg or { "server", "validator", "client", "extensions", "tls", "processes", "readme" }) do
  dofile(("%stests/test_%s.lua"):format(folder, name))
end
require("support").run_tests()
