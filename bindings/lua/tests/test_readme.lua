-- The README's programs run as they are printed, but for the port.
local support = require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

local folder = debug.getinfo(1, "S").source:match("^@(.*)tests/")
local programs = {}
for text in support.read(folder .. "README.md"):gmatch("```lua\n(.-)```") do programs[#programs + 1] = text end

local function run_server()
  local text, count = programs[1]:gsub("port = 8080", "port = 0")
  equal(count, 1)
  local program = support.program(text)
  return program, wait_for(function() return tonumber(program.output():match(":(%d+)\n")) end, "the port")
end

test("the small server", function()
  local program, port = run_server()
  local refused
  local url = ("ws://127.0.0.1:%d"):format(port)
  support.client(nil, { url = url, token = "wrong", reconnect_attempts = 0, on_attempt_failed = function(_, _, status) refused = status end })
  wait_for(function() return refused end)
  equal(refused, 401)
  local client = support.client(nil, { url = url, token = "MySuperSecretToken", on_session = function(session) session:send_binary("a\0b") end })
  wait_for(function() return #client.heard == 2 end)
  equal(client.heard[1][1], "Welcome!")
  equal(client.heard[2][1], "a\0b")
  program.signal(15)
  wait_for(program.status, "the end")
  equal(program.status(), 0)
end)

test("the client", function()
  local server, port = run_server()
  local text, count = programs[2]:gsub("localhost:8080", "localhost:" .. port)
  equal(count, 1)
  local program = support.program(text)
  wait_for(function() return program.output():find("Welcome!\nhello\n") end, "the echo")
  program.signal(2)
  wait_for(program.status)
  equal(program.status(), 0)
  server.signal(2)
  wait_for(server.status)
end)

test("the example", function()
  local text = support.read(folder .. "example.lua"):gsub("= arg%[1%], tonumber%(arg%[2%] or 8080%)", "= 'secret', 0")
  local program = support.program(text)
  local port = wait_for(function() return tonumber(program.output():match(":(%d+)\n")) end, "the port")
  local client = support.client(nil, { url = ("ws://127.0.0.1:%d/?name=Al"):format(port) })
  wait_for(function() return client.heard[1] end)
  equal(client.heard[1][1], "Welcome, Al!")
  program.signal(15)
  wait_for(program.status)
  equal(program.status(), 0)
end)
