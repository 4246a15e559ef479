-- Programs: signals, forks, the end, the collector.
local ffi = require("ffi")
local cryo, support = require("cryo"), require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

local SERVER = [[
local cryo = require("cryo")
local server = cryo.Server { port = 0, validator = function() return true end }
server:on("listening", function(_, port) print(port) io.stdout:flush() end)
server:on("session", function() print("here") io.stdout:flush() end)
server:on("closed", function(_, code, reason) print(code, reason) io.stdout:flush() end)
]]

local function port_of(program)
  return wait_for(function() return tonumber(program.output():match("^(%d+)\n")) end, "the port")
end

local function visit(program)
  local client = support.client(nil, { url = ("ws://127.0.0.1:%d"):format(port_of(program)) })
  wait_for(function() return program.output():find("here") end, "the session")
  return client
end

test("SIGTERM and SIGINT end run", function()
  for _, number in ipairs { 15, 2 } do
    local program = support.program(SERVER .. [[ print("signal", server:run()) ]])
    local client = visit(program)
    program.signal(number)
    wait_for(program.status, "the end")
    equal(program.status(), 0)
    assert(program.output():find("4000\tServer shutdown%.\nsignal\t" .. number), program.output())
    wait_for(function() return client.closed or not client:session():is_open() end)
  end
end)

test("a program that ends without closing", function()
  local program = support.program(SERVER .. [[
server:start()
while server:session_count() == 0 do server:poll(1) end
server:poll(0)
]])
  local client = visit(program)
  wait_for(program.status, "the end")
  equal(program.status(), 0)
  client:stop()
end)

test("an error ends a program", function()
  local program = support.program(SERVER .. [[
server:on("session", function() print("here") io.stdout:flush() os.exit(7) end)
server:run()
]])
  visit(program)
  wait_for(program.status, "the end")
  equal(program.status(), 7)
end)

test("the collector takes what nobody holds, and no more", function()
  local server, client, session = support.pair { on_message = function(from, data) from:send(data) end }
  for i = 1, 50 do
    client:send("x")
    wait_for(function() return #client.heard == i end)
    collectgarbage()
  end
  local other = cryo.Server { port = 0, validator = function() return true end }:start()
  other = nil
  collectgarbage()
  collectgarbage()
  equal(server:find(session:id()), session)
end)

test("the child of a fork frees nothing", function()
  local server, client = support.pair { on_message = function(from, data) from:send(data) end }
  local pid = ffi.C.fork()
  if pid == 0 then
    local ok = pcall(function()
      assert(not pcall(client.send, client, "x"))
      client:close()
      server:close()
      collectgarbage()
      local own = support.server()
      assert(own:port() > 0)
      own:close()
    end)
    ffi.C._exit(ok and 0 or 1)
  end
  local status = ffi.new("int[1]", -1)
  wait_for(function() return ffi.C.waitpid(pid, status, 1) == pid end, "the child")
  equal(status[0], 0)
  client:send("still there")
  wait_for(function() return client.heard[1] end)
end)

test("a library that is none is told", function()
  local program = support.program([[print(pcall(require, "cryo"))]])
  wait_for(program.status)
  assert(program.output():find("^true"), program.output())
  for path, words in pairs { ["/none/libcryo.so.1"] = "cannot be loaded", ["libm.so.6"] = "is not libcryo" } do
    local pipe = io.popen("CRYO_LIBRARY=" .. path .. [[ luajit -e 'print(pcall(require, "cryo"))' 2>&1]])
    local said = pipe:read("*a")
    pipe:close()
    assert(said:find("^false") and said:find(words, 1, true) and said:find("CRYO_LIBRARY"), said)
  end
end)
