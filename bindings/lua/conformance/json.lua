-- Enough of JSON for the driver. null is json.null; an array that is empty must be made by json.array.
local json = { null = setmetatable({}, { __tostring = function() return "null" end }) }

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function utf8(code)
  if code < 0x80 then return string.char(code) end
  if code < 0x800 then return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40) end
  if code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
  end
  return string.char(0xF0 + math.floor(code / 0x40000), 0x80 + math.floor(code / 0x1000) % 0x40,
    0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

local value_at

local function string_at(text, at)
  local parts = {}
  while true do
    local from, to, plain, stop = text:find('^([^"\\]*)(["\\])', at)
    if not from then error("a string without an end") end
    parts[#parts + 1] = plain
    at = to + 1
    if stop == '"' then return table.concat(parts), at end
    local escape = text:sub(at, at)
    if escape == "u" then
      local code = tonumber(text:sub(at + 1, at + 4), 16)
      at = at + 5
      if code >= 0xD800 and code < 0xDC00 then -- the first half of a pair
        code = 0x10000 + (code - 0xD800) * 0x400 + tonumber(text:sub(at + 2, at + 5), 16) - 0xDC00
        at = at + 6
      end
      parts[#parts + 1] = utf8(code)
    else
      parts[#parts + 1] = ESCAPES[escape] or escape
      at = at + 1
    end
  end
end

local function many_at(text, at, close, one)
  at = text:find("%S", at)
  while text:sub(at, at) ~= close do
    at = one(at)
    at = text:find("%S", at)
    if text:sub(at, at) == "," then at = text:find("%S", at + 1) end
  end
  return at + 1
end

function value_at(text, at)
  at = text:find("%S", at)
  local first = text:sub(at, at)
  if first == '"' then return string_at(text, at + 1) end
  if first == "{" or first == "[" then
    local found = {}
    return found, many_at(text, at + 1, first == "{" and "}" or "]", function(from)
      local name, value = #found + 1, nil
      if first == "{" then
        name, from = string_at(text, from + 1)
        from = text:find(":", from, true) + 1
      end
      value, from = value_at(text, from)
      found[name] = value
      return from
    end)
  end
  local word = text:match("^[%w.+-]+", at)
  local value = tonumber(word)
  if not value then value = ({ ["true"] = true, ["false"] = false, null = json.null })[word] end
  return value, at + #word
end

function json.decode(text) return (value_at(text, 1)) end

function json.array(list) return setmetatable(list, { is_array = true }) end

function json.encode(value)
  if value == json.null or value == nil then return "null" end
  if type(value) == "boolean" then return tostring(value) end
  if type(value) == "number" then return value % 1 == 0 and ("%.0f"):format(value) or ("%.17g"):format(value) end
  if type(value) == "cdata" then return (tostring(value):gsub("U?LL$", "")) end
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(each) return ("\\u%04x"):format(each:byte()) end) .. '"'
  end
  local parts = {}
  if (getmetatable(value) or {}).is_array then
    for i, each in ipairs(value) do parts[i] = json.encode(each) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for name, each in pairs(value) do parts[#parts + 1] = json.encode(name) .. ":" .. json.encode(each) end
  return "{" .. table.concat(parts, ",") .. "}"
end

return json
