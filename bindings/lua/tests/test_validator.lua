-- Who is let in.
local cryo, support = require("cryo"), require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

-- The HTTP status that a client is refused with, or nil once it is connected.
local function verdict(options)
  local connected, status, text
  local server = support.server(options)
  local client = support.client(server, {
    reconnect_attempts = 0,
    on_session = function() connected = true end,
    on_attempt_failed = function(_, _, http_status, why) status, text = http_status, why end,
  })
  wait_for(function() return connected or client.closed end)
  return not connected and status or nil, text
end

test("only true and values let in", function()
  equal(verdict { validator = function() return true end }, nil)
  equal(verdict { validator = function() return {} end }, nil)
  equal(verdict { validator = function() return false end }, 401)
  equal(verdict { validator = function() end }, 401)
  equal(verdict { validator = function() return 1 end }, 401)
end)

test("a validator that raises refuses", function()
  local told
  equal(verdict { validator = function() error("broken") end, on_error = function(_, where) told = where end }, 401)
  equal(told, "validator")
end)

test("refusing with a status and words", function()
  local status, text = verdict { validator = function(auth) auth:refuse(403, "not you", 1000) end }
  equal(status, 403)
  assert(text:find("not you"), text)
  status, text = verdict { validator = function(auth) auth:reject("old token") end }
  equal(status, 401)
  assert(text:find("old token"), text)
end)

test("a ticket tells about the request", function()
  local facts
  local _, client = support.pair { validator = function(auth)
    facts = { auth:parameter("name"), auth:path(), auth:header("upgrade"), auth:remote_address(), auth:proxy_address(), auth:parameter("none") }
    equal(auth:peer_certificate(), nil)
    return auth.token == support.TOKEN
  end }
  equal(facts[1], "Al")
  equal(facts[2], "/")
  equal(facts[3]:lower(), "websocket")
  assert(facts[4]:find("127.0.0.1", 1, true))
  equal(facts[5], "")
  equal(facts[6], nil)
  assert(client:session():is_open())
end)

test("values and claims of the validator are the session's", function()
  local _, _, session = support.pair { validator = function(auth)
    auth:set_claim("user", "alice")
    auth:set_expiry_ms(1000000)
    return { role = "admin" }
  end }
  equal(session.values.role, "admin")
  equal(session:claim("user"), "alice")
  equal(session:claim("none"), nil)
end)

test("a ticket can be answered later, and once", function()
  local kept
  local server = support.server { validator = function(auth)
    kept = auth
    return auth:later()
  end }
  local connected
  support.client(server, { on_session = function() connected = true end })
  wait_for(function() return kept end)
  equal(kept:accept { late = true }, true)
  equal(kept:accept(), false)
  equal(kept:reject(), false)
  wait_for(function() return connected and server:session_count() == 1 end)
  wait_for(function() local session = server:sessions()[1] return session and session.values.late end, "values")
end)

test("a client may take the place of a session", function()
  local server, first = support.pair { validator = function(auth) auth:replace() end }
  local second = support.client(server, { token = "another", session_id = first:session():id() })
  wait_for(function() return first.closed end, "the first one's end")
  equal(first.closed[2], "Taken over.")
  second:stop()
end)
