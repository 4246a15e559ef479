-- Servers and their sessions.
local cryo, support = require("cryo"), require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

test("texts and bytes come back as they were sent", function()
  local server, client = support.pair { on_message = function(session, data, kind) session:send(data, kind) end }
  for _, each in ipairs { { "text ☃", cryo.UTF8 }, { "", cryo.UTF8 }, { "a\0b\255", cryo.BINARY }, { ("x"):rep(100000), cryo.BINARY } } do
    client:send(each[1], each[2])
    local heard = wait_for(function() return table.remove(client.heard, 1) end, "an echo")
    equal(heard[1], each[1])
    equal(heard[2], each[2])
  end
  equal(server:session_count(), 1)
end)

test("a session tells what came with its request", function()
  local server, client, session = support.pair({ session_header = "X-From" }, { header = { ["X-From"] = "here" }, parameter = { { "a", "1" }, { "a", "2" } } })
  equal(session:token(), support.TOKEN)
  equal(session:parameter("name"), "Al")
  equal(session:parameter("none"), nil)
  local named, listed = session:parameters()
  equal(named.a, "1")
  equal(named.name, "Al")
  local values = {}
  for _, pair in ipairs(listed) do if pair[1] == "a" then values[#values + 1] = pair[2] end end
  equal(table.concat(values), "12")
  equal(session:header("x-from"), "here")
  equal(session:header("x-none"), nil)
  equal(session:path(), "/")
  equal(session:proxy_address(), "")
  assert(session:remote_address():match("^127%.0%.0%.1:%d+$"))
  equal(session:peer_certificate(), nil)
  equal(session:id(), client:session():id())
  equal(#session:id_bytes(), 16)
  equal(session:is_open(), true)
  equal(session:is_secure(), false)
  equal(session:is_peer(), false)
  equal(server:find(session:id()), session)
  equal(server:find(session:id_bytes()), session)
  equal(server:find(("0"):rep(32):gsub("^(%w%w%w%w%w%w%w%w)(%w%w%w%w)(%w%w%w%w)(%w%w%w%w)", "%1-%2-%3-%4-")), nil)
  equal(server:sessions()[1], session)
end)

test("sessions count, and so do servers", function()
  local measured
  local server, client, session = support.pair { keepalive_ms = 20, on_stat = function(_, stat) measured = measured or stat == cryo.STAT_RTT end }
  session:send("x")
  wait_for(function() return #client.heard == 1 and session:stat(cryo.STAT_RTT) end, "a round trip")
  assert(session:stats().bytes_tx > 0)
  assert(session:stats().rtt >= 0)
  wait_for(function() return measured end, "a statistic")
  equal(server:stat(cryo.SERVER_STAT_SESSIONS), 1)
  equal(server:stats().accepted_sessions, 1)
  assert(server:metrics():find("cryo_sessions"))
  support.raises(cryo.ERR_INVALID, server.stat, server, 999)
end)

test("a close has its code and reason, on both sides", function()
  local ended
  local _, client, session = support.pair({ on_closed = function(_, code, reason) ended = { code, reason } end }, { reconnect_attempts = 0 })
  session:close(4321, "enough")
  wait_for(function() return ended and client.closed end, "the close")
  equal(ended[1], 4321)
  equal(client.closed[1], 4321)
  equal(client.closed[2], "enough")
  support.raises(cryo.ERR_CLOSED, session.send, session, "late")
  equal(session:is_open(), false)
  equal(session:parameter("name"), "Al") -- who holds it can still ask
end)

test("broadcasts and sends to many", function()
  local server, one = support.pair()
  local two = support.client(server)
  wait_for(function() return server:session_count() == 2 and #server:sessions() == 2 end)
  equal(server:broadcast("all"), 2)
  wait_for(function() return #one.heard == 1 and #two.heard == 1 end, "the broadcast")
  local sent, statuses = cryo.send_many(server:sessions(), "many", cryo.BINARY)
  equal(sent, 2)
  equal(statuses[2], cryo.OK)
  wait_for(function() return #one.heard == 2 and #two.heard == 2 end, "the message")
  server:broadcast("not one", cryo.UTF8, server:find(one:session():id()))
  wait_for(function() return #two.heard == 3 end)
  equal(#one.heard, 2)
end)

test("what a handler raises is reported, and ends nothing", function()
  local told = {}
  local _, client = support.pair {
    on_message = function(session, data) if data == "bad" then error("broken") end session:send(data) end,
    on_error = function(problem, where) told = { tostring(problem), where } end,
  }
  client:send("bad")
  client:send("good")
  wait_for(function() return #client.heard == 1 end, "the echo")
  assert(told[1]:find("broken"))
  equal(told[2], "message")
end)

test("options are checked", function()
  support.raises(cryo.ERR_INVALID, cryo.Server, { prot = 1 })
  support.raises(cryo.ERR_INVALID, cryo.Server, { port = 65536 })
  support.raises(cryo.ERR_INVALID, cryo.Server, { port = 1.5 })
  support.raises(cryo.ERR_INVALID, cryo.Server, { threads = 0 })
  support.raises(cryo.ERR_INVALID, cryo.Server, { host = "a\0b" })
  support.raises(cryo.ERR_INVALID, cryo.Server, { on_mesage = print })
  support.raises(cryo.ERR_INVALID, cryo.Server, { allowed_origin = "no origin" })
  support.keep(cryo.Server { port = 0, allowed_origin = { "https://a.example", "https://b.example" }, metrics = "token", health = true,
    max_total_queued_bytes = 2 ^ 40, trusted_proxy = "10.0.0.0/8", drop_policy = cryo.DROP_NEWEST, queue_capacity = { 100, 1000000 } })
end)

test("a port that is taken is told", function()
  local server = support.server()
  local second = support.keep(cryo.Server { port = server:port(), validator = function() return true end })
  support.raises(cryo.ERR_ADDRESS_IN_USE, second.start, second)
end)

test("handlers may close and stop, but not poll", function()
  local refused
  local server, client
  server, client = support.pair({ on_message = function()
    refused = select(2, pcall(server.poll, server))
    server:close()
  end }, { reconnect_attempts = 0 })
  client:send("x")
  wait_for(function() return server.handle == nil end, "the close")
  equal(refused.status, cryo.ERR_STATE)
  wait_for(function() return client.closed end)
  equal(client.closed[2], "Server shutdown.")
  support.raises(cryo.ERR_STATE, server.port, server)
end)

test("a drained server closes its sessions as it was told", function()
  local server, client = support.pair()
  server:drain(1, 0, { code = 1012, reason = "moved" })
  assert(server:wait(support.PATIENCE))
  wait_for(function() return client.closed or not client:session():is_open() end)
end)

test("pausing, acknowledging, expiring", function()
  local acked, ended = 0, nil
  local _, client, session = support.pair {
    manual_ack = true,
    on_message = function(from, _, _, id)
      from:ack(id)
      acked = acked + 1
    end,
    on_closed = function(_, code, reason) ended = { code, reason } end,
  }
  local outcome
  client:send("x", cryo.UTF8, { receipt = function(...) outcome = { ... } end })
  wait_for(function() return outcome end, "a receipt")
  equal(outcome[1], cryo.RECEIPT_ACKNOWLEDGED)
  assert(outcome[2] >= 0)
  session:pause_reading()
  session:resume_reading()
  session:ping()
  session:set_expiry_ms(cryo.NEVER)
  session:set_expiry_ms(0)
  wait_for(function() return ended end, "the end")
  equal(ended[1], 4001)
  equal(ended[2], "Token expired.")
  equal(acked, 1)
end)

test("one loop for several, by their descriptors", function()
  local one, two = support.server(), support.server()
  assert(one:fd() >= 3 and two:fd() ~= one:fd())
  local told = 0
  for _, server in ipairs { one, two } do server:on("session", function() told = told + 1 end) end
  support.client(one)
  support.client(two)
  wait_for(function() return told == 2 end)
  one:wake()
  equal(one:poll(support.PATIENCE), 0)
end)

test("peers", function()
  local there = support.server { on_message = function(session, data) session:send("got " .. data) end }
  local heard
  local here = support.server { on_message = function(session, data) heard = { session, data } end }
  local peer = here:connect_peer { url = ("ws://127.0.0.1:%d"):format(there:port()), token_provider = function() return support.TOKEN end }
  here:on("session", function(session) session:send("hello") end)
  wait_for(function() return heard end, "the answer")
  equal(heard[1], peer)
  equal(heard[2], "got hello")
  equal(peer:is_peer(), true)
end)

test("the library tells about itself", function()
  equal(cryo.abi_version(), cryo.ABI_VERSION)
  equal(cryo.version(), cryo.VERSION)
  local folder = debug.getinfo(1, "S").source:match("^@(.*)tests/")
  assert(io.open(("%scryo-%s-1.rockspec"):format(folder, cryo.VERSION)), "the rockspec is of another version")
  assert(cryo.build_info():find("libuv"))
  cryo.set_log(cryo.LOG_ERROR)
  cryo.set_log(cryo.LOG_WARNING)
  equal(cryo.status_name(-5), "CRYO_ERR_CLOSED")
end)
