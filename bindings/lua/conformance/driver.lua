-- Does what bindings/conformance tells it, over this module. See bindings/conformance/README.md.
local folder = arg[0]:match("^(.*)conformance/driver%.lua$")
package.path = ("%s?.lua;%sconformance/?.lua;%s"):format(folder, folder, package.path)

local ffi = require("ffi")
local cryo, json = require("cryo"), require("json")

ffi.cdef [[
long read(int, void *, size_t);
int fork(void);
int waitpid(int, int *, int);
]]

local objects, counts, tickets, kept, soon = {}, {}, {}, {}, {}
local ticket_count = 0

local function write(line)
  io.stdout:write(json.encode(line), "\n")
  io.stdout:flush()
end

local function with(fields, more)
  for name, value in pairs(more) do fields[name] = value end
  return fields
end

local function payload_of(given)
  if given.text then return given.text, cryo.UTF8 end
  if given.hex then return (given.hex:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)), cryo.BINARY end
  return string.char(given.fill):rep(given.size), cryo.BINARY
end

local function shown(data, kind)
  if #data > 1000 then
    local sum, bytes = 0, ffi.cast("const uint8_t *", data)
    for i = 0, #data - 1 do sum = sum + bytes[i] end
    return { size = #data, sum = sum }
  end
  if kind == cryo.UTF8 then return { text = data } end
  return { hex = (data:gsub(".", function(each) return ("%02x"):format(each:byte()) end)) }
end

local function new_ticket(ticket)
  ticket_count = ticket_count + 1
  tickets["t" .. ticket_count] = ticket
  return "t" .. ticket_count
end

-- "acknowledged" for RECEIPT_ACKNOWLEDGED
local function name_of(prefix, value)
  for name, each in pairs(cryo) do
    if name:sub(1, #prefix) == prefix and each == value then return name:sub(#prefix + 1):lower() end
  end
end

local function add_handlers(owner, of, is_server, echo)
  of.throws = {}
  local function done(event, on, fields)
    write(with({ event = event, on = on }, fields or {}))
    if of.throws[event] then error("thrown in " .. event) end
  end
  local function name(session) return is_server and session.values.name or owner end
  of:on("listening", function(_, port) done("listening", owner, { port = port }) end)
  of:on("session", function(session)
    if not is_server then return done("session", owner) end
    counts[owner] = (counts[owner] or 0) + 1
    session.values.name = owner .. "." .. counts[owner]
    objects[session.values.name] = session
    done("session", owner, { session = session.values.name })
  end)
  of:on("message", function(session, data, kind, id)
    if echo then session:send(data, kind) end
    done("message", name(session), with({ message = id }, shown(data, kind)))
  end)
  for _, event in ipairs { "closed", "disconnected" } do
    of:on(event, function(session, code, reason) done(event, name(session), { code = code, reason = reason }) end)
  end
  for _, event in ipairs { "reconnected", "writable" } do
    of:on(event, function(session) done(event, name(session)) end)
  end
  of:on("attempt_failed", function(_, status, http_status, _, retry_ms)
    done("attempt_failed", owner, { status = cryo.status_name(status), http_status = http_status, retry_ms = retry_ms })
  end)
  of:on("lost", function(session, data, kind) done("lost", name(session), shown(data, kind)) end)
  of:on("dropped", function(session, reason, data, kind)
    done("dropped", name(session), with({ reason = name_of("DROPPED_", reason) }, shown(data, kind)))
  end)
  of:on("receipt", function(session, number, outcome, _, by)
    done("receipt", name(session), { receipt = number, outcome = name_of("RECEIPT_", outcome), by = by })
  end)
end

local function validator(kind, owner)
  local function good(auth) return auth.token == "good" end
  return ({
    good = good,
    later = function(auth)
      soon[#soon + 1] = function() if good(auth) then auth:accept() else auth:reject() end end
      return auth:later()
    end,
    throw = function() error("thrown in the validator") end,
    ask = function(auth)
      write { event = "auth", on = owner, ticket = new_ticket(auth), token = auth.token }
      return auth:later()
    end,
    never = function(auth)
      kept[#kept + 1] = auth
      return auth:later()
    end,
  })[kind]
end

local PROVIDERS = {
  good = function() return "good" end,
  throw = function() error("thrown in the token provider") end,
  never = function(request)
    kept[#kept + 1] = request
    return request:later()
  end,
}

local function session_of(name)
  local of = objects[name]
  if not of then error("there is no " .. name) end
  return of.client_session or of
end

local function settled(in_time) return in_time and {} or { error = "CRYO_ERR_STATE", text = "settled before" } end

local commands = {}

function commands.server(given)
  local options = with({ port = 0 }, given.options or {})
  options.validator = validator(given.validator or "good", given.as)
  local server = cryo.Server(options)
  add_handlers(given.as, server, true, given.echo)
  server:start()
  objects[given.as] = server
  return { port = server:port() }
end

function commands.client(given)
  local options = with({}, given.options or {})
  options.url = given.url
  if not options.url then
    options.url = (options.tls_ca_file and "wss://localhost:%d" or "ws://127.0.0.1:%d"):format(objects[given.to]:port())
  end
  if given.provider then options.token_provider = PROVIDERS[given.provider] else options.token = given.token or "good" end
  local client = cryo.Client(options)
  add_handlers(given.as, client, false, given.echo)
  client.client_session = client:session()
  client:start()
  objects[given.as] = client
end

function commands.send(given)
  local data, kind = payload_of(given)
  session_of(given.on):send(data, kind, { key = given.key, receipt = given.receipt })
end

function commands.broadcast(given)
  local data, kind = payload_of(given)
  objects[given.on]:broadcast(data, kind, given.except and objects[given.except])
end

function commands.burst(given)
  for number = 0, given.threads * given.count - 1 do
    session_of(given.on[number % #given.on + 1]):send(given.text .. " " .. number)
  end
end

function commands.ping(given) session_of(given.on):ping() end
function commands.close(given) session_of(given.on):close(given.code, given.reason) end
function commands.stop(given) objects[given.on]:stop() end
function commands.wait(given) if not objects[given.on]:wait(20) then error("it has not ended") end end
function commands.free(given) objects[given.on]:close() end
function commands.drain(given) objects[given.on]:drain(given.deadline_ms, given.batch_ms) end

function commands.accept(given)
  local auth = tickets[given.ticket]
  for name, value in pairs(given.claims or {}) do auth:set_claim(name, value) end
  if given.expiry_ms then auth:set_expiry_ms(given.expiry_ms) end
  return settled(auth:accept())
end
function commands.replace(given) return settled(tickets[given.ticket]:replace()) end
function commands.reject(given) return settled(tickets[given.ticket]:reject(given.reason)) end
function commands.refuse(given) return settled(tickets[given.ticket]:refuse(given.status, given.reason)) end

function commands.extension(given)
  local hooks = { timeout_ms = given.timeout_ms, on_failure = given.on_failure and cryo["HOOK_" .. given.on_failure:upper()] }
  local function hook(session, data, ticket)
    if given.does == "throw" then error("thrown in a hook") end
    if given.does == "ask" then
      write(with({
        event = "hook", on = session.values.name or given.client, ticket = new_ticket(ticket), extension = given.name,
        direction = ticket.direction == cryo.BEFORE_SEND and "before_send" or "on_receive",
      }, shown(data, ticket.kind)))
      return ticket:later()
    end
    if given.does == "never" then
      kept[#kept + 1] = ticket
      return ticket:later()
    end
    if given.does == "replace" then return (payload_of(given)) end
    return given.does == "pass"
  end
  for _, name in ipairs(given.hooks) do hooks[name:gsub(" ", "_")] = hook end
  objects[given.as] = cryo.Extension(given.name, hooks)
end
function commands.add_extension(given) objects[given.on]:add_extension(objects[given.extension]) end
function commands.remove_extension(given) objects[given.on]:remove_extension(objects[given.extension].name) end

commands["pass"] = function(given) return settled(tickets[given.ticket]:pass()) end
function commands.replace_with(given) return settled(tickets[given.ticket]:replace((payload_of(given)))) end
function commands.stop_message(given) return settled(tickets[given.ticket]:stop()) end
function commands.fail_message(given) return settled(tickets[given.ticket]:fail(given.reason)) end

function commands.get(given)
  local what = given.what
  if what == "nothing" then return end
  local of = objects[given.on]
  local value
  if what == "stat" then
    value = of:stat(cryo["SERVER_STAT_" .. given.name:upper()])
  elseif what == "metrics" or what == "port" or what == "session_count" then
    value = of[what](of)
  elseif what == "queued_bytes" then
    value = session_of(given.on):stats().queued_bytes
  else
    local session = session_of(given.on)
    value = session[what](session, given.name)
  end
  return { value = value == nil and json.null or value }
end

function commands.put(given) session_of(given.on).values[given.key] = given.value end
function commands.value(given)
  local value = session_of(given.on).values[given.key]
  return { value = value == nil and json.null or value }
end
function commands.pause(given) session_of(given.on):pause_reading() end
function commands.resume(given) session_of(given.on):resume_reading() end
function commands.ack(given) session_of(given.on):ack(given.message) end
function commands.find(given)
  local found = objects[given.on]:find(given.session_id)
  return { session = found and found.values.name or json.null }
end
function commands.throw_in(given) objects[given.on].throws[given.event] = true end
function commands.collect()
  collectgarbage()
  collectgarbage()
end
function commands.fork()
  local child = ffi.C.fork()
  if child == 0 then os.exit(7, true) end
  local status = ffi.new("int[1]")
  ffi.C.waitpid(child, status, 0)
  return { child = status[0] % 128 == 0 and math.floor(status[0] / 256) or -(status[0] % 128) }
end

local function carry_out(line)
  local given = json.decode(line)
  if given["do"] == "exit" then os.exit(given.code, true) end
  if given["do"] == "throw" then error("nothing catches this") end
  local ok, answer = pcall(commands[given["do"]], given)
  if not ok then
    answer = type(answer) == "table" and { error = answer.name, text = answer.text } or { fault = tostring(answer) }
  end
  write(with({ id = given.id }, answer or {}))
end

-- Waits for standard input and the descriptors of all that is open; whether input is there.
local function wait_for_input()
  local open = {}
  for _, of in pairs(objects) do if of.queue then open[#open + 1] = of end end
  local watched = ffi.new("struct cryo_pollfd[?]", #open + 1)
  watched[0].fd, watched[0].events = 0, 1
  for i, of in ipairs(open) do watched[i].fd, watched[i].events = of:fd(), 1 end
  ffi.C.poll(watched, #open + 1, #soon > 0 and 0 or 200)
  for _, of in ipairs(open) do if of.queue then of:poll() end end
  local turn = soon
  soon = {}
  for _, fn in ipairs(turn) do fn() end
  return watched[0].revents ~= 0
end

write { driver = "luajit", library = cryo.version(), features = json.array { "collect", "fork", "throw" } }
local buffer, text = ffi.new("uint8_t[65536]"), ""
while true do
  if wait_for_input() then
    local length = tonumber(ffi.C.read(0, buffer, 65536))
    if length <= 0 then break end
    text = text .. ffi.string(buffer, length)
    while true do
      local line, rest = text:match("^([^\n]*)\n(.*)$")
      if not line then break end
      text = rest
      carry_out(line)
    end
  end
end
