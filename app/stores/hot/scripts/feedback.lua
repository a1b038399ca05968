-- Note that a person opened or clicked in a touch; the same fact again changes nothing.
-- KEYS: history
-- ARGV: 'o' or 'k', touch, at ms, history ttl s, fields that are many, drop touches older than (ms)
-- Answers 1 when this is the first for the touch, else 0.
local history, kind, at = KEYS[1], ARGV[1], ARGV[3]
local last = redis.call('HGET', history, 't.' .. kind)
if not last or tonumber(last) < tonumber(at) then
  redis.call('HSET', history, 't.' .. kind, at)
end
local is_first = redis.call('HSETNX', history, kind .. '.' .. ARGV[2], at)
if is_first == 1 then
  redis.call('HINCRBY', history, 'n.' .. kind, 1)
end
redis.call('EXPIRE', history, ARGV[4])
if redis.call('HLEN', history) > tonumber(ARGV[5]) then
  -- Touches this old are counted already; opened once more, they would be counted once more.
  local all = redis.call('HGETALL', history)
  for i = 1, #all, 2 do
    local prefix = string.sub(all[i], 1, 2)
    if (prefix == 'o.' or prefix == 'k.') and tonumber(all[i + 1]) < tonumber(ARGV[6]) then
      redis.call('HDEL', history, all[i])
    end
  end
end
return is_first
