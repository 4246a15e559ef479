-- Sends each message back, and prints its port: a program of bench/languages.
package.path = arg[0]:match("^(.*)bench/echo%.lua$") .. "?.lua;" .. package.path
local cryo = require("cryo")

local server = cryo.Server { port = 0, validator = function() return true end }
server:on("message", function(session, data, kind) session:send(data, kind) end)
server:start()
print(server:port())
io.stdout:flush()
server:run()
