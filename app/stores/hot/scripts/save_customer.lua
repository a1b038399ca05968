-- Write a customer's state and the entry that keeps SQL in step, together.
-- KEYS: state, stream
-- ARGV: 'replace' or 'merge', now ms, event, system field JSON as a merge patch, then field, value pairs ('' removes)
-- Answers the new revision.
local state, stream = KEYS[1], KEYS[2]
local old = redis.call('HGETALL', state)
local held = {}
for i = 1, #old, 2 do held[old[i]] = old[i + 1] end

local system = {}
if ARGV[1] == 'merge' and held['s'] then
  local ok, decoded = pcall(cjson.decode, held['s'])
  if ok and type(decoded) == 'table' then system = decoded end
end
for name, value in pairs(cjson.decode(ARGV[4])) do
  if value == cjson.null then
    system[name] = nil
  elseif name == 'channels' and ARGV[1] == 'merge' and type(system.channels) == 'table' then
    for channel, wish in pairs(value) do
      if wish == cjson.null then system.channels[channel] = nil else system.channels[channel] = wish end
    end
  else
    system[name] = value
  end
end

if ARGV[1] == 'replace' then
  for field in pairs(held) do
    if string.sub(field, 1, 2) == 'a.' then redis.call('HDEL', state, field) end
  end
end
local writes = {}
for i = 5, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', state, ARGV[i])
  else
    writes[#writes + 1] = ARGV[i]
    writes[#writes + 1] = ARGV[i + 1]
  end
end
local revision = math.max(tonumber(held['r'] or '0') + 1, tonumber(ARGV[2]))
local encoded = next(system) and cjson.encode(system) or '{}'
redis.call('HSET', state, 's', encoded, 'r', string.format('%.0f', revision), unpack(writes))
redis.call('XADD', stream, '*', 'e', ARGV[3], 's', cjson.encode(redis.call('HGETALL', state)))
return string.format('%.0f', revision)
