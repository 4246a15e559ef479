-- A chat room: what one client says, the others hear.
--
--     LUA_PATH="bindings/lua/?.lua" luajit example.lua TOKEN [PORT [CERTIFICATE KEY]]
--
-- Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20TOKEN&x-cryo-sid=UUID&name=Alice

local cryo = require("cryo")

local token, port, certificate, key = arg[1], tonumber(arg[2] or 8080), arg[3], arg[4]
if not token then error("usage: example.lua TOKEN [PORT [CERTIFICATE KEY]]", 0) end

local server = cryo.Server {
  port = port,
  keepalive_ms = 15000,
  tls_files = certificate and { certificate, key },
  validator = function(auth)
    if auth.token ~= token then return false end
    return { name = auth:parameter("name") or "somebody" } -- session.values of the session
  end,
}

server:on("listening", function(host, number)
  print(("listening on %s:%d"):format(host, number))
  io.stdout:flush()
end)

server:on("session", function(session)
  session:send(("Welcome, %s!"):format(session.values.name))
  server:broadcast(session.values.name .. " came", cryo.UTF8, session)
end)

server:on("message", function(session, data, kind)
  if kind == cryo.UTF8 then data = ("%s: %s"):format(session.values.name, data) end
  server:broadcast(data, kind, session)
end)

server:on("closed", function(session, code, reason)
  pcall(server.broadcast, server, session.values.name .. " left") -- nobody is there any more once the server stops
  print(session.values.name .. " left: " .. code .. " " .. reason)
end)

server:on("stat", function(session, stat, value)
  if stat == cryo.STAT_RTT then print(("%s: %.2f ms"):format(session.values.name, value)) end
end)

server:run() -- until SIGINT or SIGTERM
server:close()
