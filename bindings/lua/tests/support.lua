-- What the tests have in common: who runs them, a server with its client, programs.

local ffi = require("ffi")
local cryo = require("cryo")

local support = { PATIENCE = 60, TOKEN = "secret" }

ffi.cdef [[
int kill(int, int);
int fork(void);
int waitpid(int, int *, int);
void _exit(int);
int usleep(unsigned);
]]

local tests, opened = {}, {}

function support.test(name, fn) tests[#tests + 1] = { name = name, fn = fn } end

-- To be closed behind the test.
function support.keep(owner)
  opened[#opened + 1] = owner
  return owner
end

function support.run_tests()
  local failed = 0
  for _, each in ipairs(tests) do
    local ok, problem = xpcall(each.fn, function(text)
      return type(text) == "string" and debug.traceback(text, 2) or tostring(text)
    end)
    for i = #opened, 1, -1 do
      opened[i]:close()
      opened[i] = nil
    end
    if not ok then failed = failed + 1 end
    print(("%s %s%s"):format(ok and "ok    " or "FAILED", each.name, ok and "" or "\n" .. tostring(problem)))
  end
  print(("%d tests, %d failed"):format(#tests, failed))
  os.exit(failed == 0 and 0 or 1, true)
end

function support.equal(got, wanted, what)
  if got ~= wanted then error(("%s%s, not %s"):format(what and what .. ": " or "", tostring(got), tostring(wanted)), 2) end
end

-- Calls handlers of all that is kept until `found()` says so.
function support.wait_for(found, what)
  local deadline = os.time() + support.PATIENCE
  while true do
    local result = found()
    if result then return result end
    if os.time() > deadline then error("waited in vain for " .. (what or "it"), 2) end
    local live = {}
    for _, owner in ipairs(opened) do live[#live + 1] = owner end
    if cryo.poll(live, 0.05) == 0 and #live == 0 then ffi.C.usleep(20000) end
  end
end

-- The error that a call raises.
function support.raises(status, fn, ...)
  local ok, problem = pcall(fn, ...)
  if ok then error("nothing was raised", 2) end
  if type(problem) ~= "table" then error(tostring(problem), 2) end
  support.equal(problem.name, cryo.status_name(status))
  return problem
end

function support.server(options)
  options = options or {}
  options.port = options.port or 0
  if options.validator == nil then options.validator = function(auth) return auth.token == support.TOKEN end end
  return support.keep(cryo.Server(options)):start()
end

-- A client of it, started; `heard` has its messages, `closed` the code and reason of its end.
function support.client(server, options)
  options = options or {}
  options.url = options.url or ("ws://127.0.0.1:%d/?name=Al"):format(server:port())
  if options.token == nil and options.token_provider == nil then options.token = support.TOKEN end
  local client = support.keep(cryo.Client(options))
  client.heard = {}
  if not options.on_message then client:on("message", function(_, data, kind) table.insert(client.heard, { data, kind }) end) end
  client:on("closed", function(_, code, reason) client.closed = { code, reason } end)
  return client:start()
end

-- A server and a client that are connected: server, client, the server's session.
function support.pair(server_options, client_options)
  local server = support.server(server_options)
  local there, former = nil, server.handlers.session
  server:on("session", function(session)
    there = session
    if former then former(session) end
  end)
  local connected = false
  local client = support.client(server, client_options)
  local own = client.handlers.session
  client:on("session", function(session)
    connected = true
    if own then own(session) end
  end)
  support.wait_for(function() return there and connected end, "a session")
  return server, client, there
end

-- A Lua program in a process of its own: its output so far, and its end.
function support.program(text)
  local path, out = os.tmpname(), os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  -- exec, so that the number is the program's own.
  local pipe = assert(io.popen(("{ sh -c 'echo $$; exec luajit %s >%s 2>&1'; echo $? >%s.status; } & "):format(path, out, out)))
  local pid = tonumber(pipe:read("*l"))
  local program = { pid = pid }
  function program.output()
    local reading = assert(io.open(out))
    local found = reading:read("*a")
    reading:close()
    return found
  end
  function program.status()
    local reading = io.open(out .. ".status")
    local found = reading and reading:read("*n")
    if reading then reading:close() end
    return found
  end
  function program.signal(number) ffi.C.kill(pid, number) end
  function program:close()
    if not program.status() then
      ffi.C.kill(pid, 9)
      while not program.status() do ffi.C.usleep(10000) end
    end
    for _, each in ipairs { path, out, out .. ".status" } do os.remove(each) end
    pipe:close()
  end
  function program.poll() return 0 end
  return support.keep(program)
end

-- A folder with server.pem, server.key and the like, by openssl; made once.
function support.certificate(name)
  local folder = os.getenv("CRYO_TEST_FOLDER") or "/tmp"
  local certificate, key = ("%s/lua-%s.pem"):format(folder, name), ("%s/lua-%s.key"):format(folder, name)
  assert(os.execute(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=%s "
    .. "-addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s 2>/dev/null"):format(name, key, certificate)) == 0)
  return certificate, key
end

function support.read(path)
  local file = assert(io.open(path))
  local text = file:read("*a")
  file:close()
  return text
end

return support
