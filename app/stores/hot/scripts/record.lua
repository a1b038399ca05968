-- Keep what one request showed, and the fact that it did, together or not at all.
-- KEYS: history, stream
-- ARGV: event ('' none), choice field ('' none), choice, 'last' or 'first', history ttl s,
--       fields that are many, drop choices shown before (ms), when a person first opened the touch
--       (ms, '' unsaid; the first one told stands), the field of the choice that stays, the choice that
--       was read from there ('' none)
-- Answers the choice that stands when another was pinned since it was read (and records nothing), else false.
local history, stream = KEYS[1], KEYS[2]
local event, field, choice = ARGV[1], ARGV[2], ARGV[3]
if field ~= '' then
  if ARGV[4] == 'first' then
    local pinned = redis.call('HGET', history, ARGV[9])
    local stands = pinned and string.match(pinned, '|(.*)')
    if pinned and stands ~= ARGV[10] and stands ~= string.match(choice, '|(.*)') then
      return pinned
    end
  end
  redis.call('HSET', history, field, choice)
  if ARGV[9] ~= field then
    redis.call('HSET', history, ARGV[9], choice)
  end
  if ARGV[8] ~= '' then
    redis.call('HSETNX', history, 's.' .. string.match(field, '^c%.(.*)|'), ARGV[8])
  end
  redis.call('EXPIRE', history, ARGV[5])
  if redis.call('HLEN', history) > tonumber(ARGV[6]) then
    local all = redis.call('HGETALL', history)
    for i = 1, #all, 2 do
      local shown_ms = tonumber(string.match(all[i + 1], '^(%d+)'))
      local prefix = string.sub(all[i], 1, 2)
      if (prefix == 'c.' or prefix == 's.') and shown_ms and shown_ms < tonumber(ARGV[7]) then
        redis.call('HDEL', history, all[i])
      end
    end
  end
end
if event ~= '' then
  redis.call('XADD', stream, '*', 'e', event)
end
return false
