-- Clients: tokens, losses, what becomes of messages.
local cryo, support = require("cryo"), require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

test("a token provider gives tokens, fails, and may take its time", function()
  local server = support.server()
  local asked, kept, failures = 0, nil, {}
  local connected
  local client = support.client(server, {
    reconnect_initial_ms = 1,
    token_provider = function(request)
      asked = asked + 1
      if asked == 1 then error("no token today") end
      if asked == 2 then return nil end
      kept = request
      return request:later()
    end,
    on_error = function() end,
    on_attempt_failed = function(_, status, _, text) table.insert(failures, { status, text }) end,
    on_session = function() connected = true end,
  })
  wait_for(function() return kept end, "the third question")
  equal(failures[1][1], cryo.ERR_TOKEN)
  assert(failures[1][2]:find("no token today"), failures[1][2])
  equal(failures[2][1], cryo.ERR_TOKEN)
  equal(kept:give(support.TOKEN), true)
  equal(kept:give(support.TOKEN), false)
  wait_for(function() return connected end, "the session")
  support.raises(cryo.ERR_STATE, client.set_token, client, "x")
end)

test("a client comes back, and tells what was lost", function()
  local server = support.server()
  local port = server:port()
  local told = {}
  local client = support.client(server, {
    reconnect_initial_ms = 1, reconnect_max_ms = 50,
    on_session = function() table.insert(told, "session") end,
    on_disconnected = function(_, _, reason) table.insert(told, "disconnected " .. reason) end,
    on_reconnected = function() table.insert(told, "reconnected") end,
  })
  wait_for(function() return told[1] == "session" end)
  server:close()
  wait_for(function() return told[2] end)
  equal(told[2], "disconnected Server shutdown.")
  support.raises(cryo.ERR_STATE, client.send, client, "nobody there")
  client:set_token("new")
  support.server { port = port, validator = function(auth) return auth.token == "new" end }
  wait_for(function() return told[3] == "reconnected" end, "the reconnection")
end)

test("an address where nobody is", function()
  local server = support.server()
  local url = ("ws://127.0.0.1:%d"):format(server:port())
  server:close()
  local failed
  local client = support.client(nil, { url = url, reconnect_attempts = 0, on_attempt_failed = function(_, ...) failed = { ... } end })
  wait_for(function() return client.closed end)
  equal(failed[1], cryo.ERR_CONNECT)
  equal(failed[2], 0)
  equal(failed[4], -1)
end)

test("numbered receipts", function()
  local numbers = {}
  local _, client = support.pair(nil, { on_receipt = function(_, number, outcome) numbers[number] = outcome end })
  client:send("x", cryo.UTF8, { receipt = 7, key = "k" })
  wait_for(function() return numbers[7] end)
  equal(numbers[7], cryo.RECEIPT_ACKNOWLEDGED)
  for _, wrong in ipairs { 0, -1, 1.5, 2 ^ 60, "x" } do
    support.raises(cryo.ERR_INVALID, client.send, client, "x", cryo.UTF8, { receipt = wrong })
  end
  support.raises(cryo.ERR_INVALID, client.send_text, client, "\255")
end)

test("a slow peer: messages are dropped, and the queue flows again", function()
  local dropped, writable = 0, false
  local server, client, session = support.pair({
    high_water_mark = 65536, low_water_mark = 1024, max_queued_bytes = 1048576, max_queue_count = 4,
    on_dropped = function(_, reason, data, kind)
      dropped = dropped + 1
      equal(reason, cryo.DROPPED_OLDEST)
      equal(#data, 100000)
      equal(kind, cryo.BINARY)
    end,
    on_writable = function() writable = true end,
    max_total_queued_bytes = 0,
  }, { queue_capacity = { 1, 1 } })
  -- Nobody takes from the client's queue meanwhile, so that it does not read.
  local bytes = ("x"):rep(100000)
  local deadline = os.time() + support.PATIENCE
  while dropped == 0 and os.time() < deadline do
    pcall(session.send, session, bytes, cryo.BINARY) -- the mailbox may be full
    server:poll()
  end
  wait_for(function() return writable and #client.heard > 0 end, "a queue that flows")
  assert(dropped > 0)
end)

test("CALE", function()
  local _, client, session = support.pair({ cale = true, on_message = function(from, data) from:send(data) end }, { cale = true })
  equal(session:is_secure(), true)
  client:send("sealed")
  wait_for(function() return client.heard[1] end)
  equal(client.heard[1][1], "sealed")
end)

test("what clients need", function()
  support.raises(cryo.ERR_INVALID, cryo.Client, {})
  support.raises(cryo.ERR_INVALID, cryo.Client, { url = "ws://localhost", token = "x", session_id = "abc" })
  support.raises(cryo.ERR_INVALID, cryo.Client, { url = "nonsense", token = "x" })
end)
