-- Extensions: hooks before sending and after receiving.
local cryo, support = require("cryo"), require("support")
local test, equal, wait_for = support.test, support.equal, support.wait_for

local function heard(client)
  return wait_for(function() return table.remove(client.heard, 1) end, "a message")[1]
end

test("hooks pass, replace and stop", function()
  local got = {}
  local server, client, session = support.pair { on_message = function(_, data) got[#got + 1] = data end }
  local told = {}
  server:add_extension(cryo.Extension("shouting", {
    before_send_utf8 = function(_, data) return data:upper() end,
    on_receive_utf8 = function(from, data, hook)
      equal(from, session)
      equal(hook.direction, cryo.ON_RECEIVE)
      if data == "secret" then return false end
    end,
    on_register = function(name) told[1] = name end,
    on_unregister = function(name) told[2] = name end,
  }))
  equal(told[1], "shouting")
  session:send("hello")
  equal(heard(client), "HELLO")
  client:send("secret")
  client:send("open")
  wait_for(function() return got[1] end)
  equal(got[1], "open")
  equal(server:find_extension("shouting").name, "shouting")
  equal(server:find_extension("none"), nil)
  support.raises(cryo.ERR_EXISTS, server.add_extension, server, cryo.Extension("shouting"))
  server:remove_extension("shouting")
  equal(told[2], "shouting")
  support.raises(cryo.ERR_NOT_FOUND, server.remove_extension, server, "shouting")
  session:send("quiet")
  equal(heard(client), "quiet")
end)

test("a hook that raises has failed", function()
  local errors = 0
  local server, client, session = support.pair { on_error = function() errors = errors + 1 end }
  cryo.set_log(cryo.LOG_OFF)
  local outcome
  server:add_extension(cryo.Extension("broken", { before_send_binary = function() error("broken") end }))
  session:send("never", cryo.BINARY, { receipt = function(...) outcome = { ... } end })
  session:send("text")
  equal(heard(client), "text")
  wait_for(function() return outcome end)
  equal(outcome[1], cryo.RECEIPT_VETOED)
  equal(outcome[3], "broken")
  equal(errors, 1)
  server:remove_extension("broken")
  server:add_extension(cryo.Extension("looking", { before_send_utf8 = function() error("broken") end, on_failure = cryo.HOOK_PASS }))
  session:send("all the same")
  equal(heard(client), "all the same")
  cryo.set_log(cryo.LOG_WARNING)
end)

test("a hook can answer later", function()
  local server, client, session = support.pair()
  local kept = {}
  client:add_extension(cryo.Extension("slow", { on_receive_utf8 = function(_, _, hook)
    kept[#kept + 1] = hook
    return hook:later()
  end, timeout_ms = 60000 }))
  session:send("one")
  wait_for(function() return kept[1] end)
  equal(kept[1]:replace("first"), true)
  equal(kept[1]:pass(), false)
  equal(heard(client), "first")
  session:send("two")
  wait_for(function() return kept[2] end)
  equal(kept[2].data, "two")
  kept[2]:pass()
  equal(heard(client), "two")
  session:send("three")
  session:send("four")
  wait_for(function() return kept[3] end)
  kept[3]:stop()
  wait_for(function() return kept[4] end)
  kept[4]:pass()
  equal(heard(client), "four")
  equal(client:find_extension("slow").name, "slow")
  client:remove_extension("slow")
  assert(server)
end)
