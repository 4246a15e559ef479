-- TLS: certificates of servers and clients.
local cryo, support = require("cryo"), require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

local certificate, key = support.certificate("server")
local other_certificate, other_key = support.certificate("other")

local function url(server) return ("wss://127.0.0.1:%d"):format(server:port()) end

test("wss, with certificates from files and from memory", function()
  for _, options in ipairs {
    { tls_files = { certificate, key } },
    { tls_memory = { support.read(certificate), support.read(key) } },
    { tls_files = { { certificate, key }, { other_certificate, other_key } }, tls_min_version = cryo.TLS_1_3 },
  } do
    local server = support.server(options)
    local connected
    support.client(server, { url = url(server), tls_ca_file = certificate, on_session = function() connected = true end })
    wait_for(function() return connected end, "a session")
    server:set_tls()
    server:set_tls { tls_files = { other_certificate, other_key } }
    local failed
    support.client(server, { url = url(server), tls_ca_memory = support.read(certificate), tls_system_ca = false, reconnect_attempts = 0,
      on_attempt_failed = function(_, status) failed = status end })
    wait_for(function() return failed end, "the refusal")
    equal(failed, cryo.ERR_TLS_UNTRUSTED)
    server:set_tls_ticket_keys(io.open("/dev/urandom"):read(80))
    server:set_tls_ticket_keys(nil)
  end
end)

test("a client's certificate", function()
  local server = support.server { tls_files = { certificate, key }, tls_client_ca_file = other_certificate, tls_require_client_certificate = true }
  local session
  server:on("session", function(which) session = which end)
  support.client(server, { url = url(server), tls_ca_file = certificate, tls_files = { other_certificate, other_key } })
  wait_for(function() return session end, "a session")
  local shown = session:peer_certificate()
  equal(shown.subject, "CN=other")
  equal(shown.names[1], "IP:127.0.0.1")
  equal(#shown.fingerprint, 64)
end)

test("certificates that cannot be used", function()
  local server = support.keep(cryo.Server { port = 0, validator = function() return true end, tls_files = { certificate, other_key } })
  support.raises(cryo.ERR_TLS_MISMATCH, server.start, server)
  support.raises(cryo.ERR_INVALID, cryo.Server, { tls_files = certificate })
end)
