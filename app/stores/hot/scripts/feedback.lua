-- Note that people opened or clicked in touches; the same fact again changes nothing.
-- KEYS: histories of one partition, one a fact
-- ARGV: history ttl s, fields that are many, drop touches older than (ms), then for each key
--       'o' or 'k', touch, at ms
-- Of each touch the earliest moment is kept, in whatever order they are told.
-- Answers how many facts were the first of their touch.
local news = 0
for i = 1, #KEYS do
  local history = KEYS[i]
  local kind, touch, at = ARGV[i * 3 + 1], ARGV[i * 3 + 2], ARGV[i * 3 + 3]
  if redis.call('HSETNX', history, kind .. '.' .. touch, at) == 1 then
    redis.call('HINCRBY', history, 'n.' .. kind, 1)
    news = news + 1
  elseif tonumber(redis.call('HGET', history, kind .. '.' .. touch)) > tonumber(at) then
    redis.call('HSET', history, kind .. '.' .. touch, at)
  end
  local last = redis.call('HGET', history, 't.' .. kind)
  if not last or tonumber(last) < tonumber(at) then
    redis.call('HSET', history, 't.' .. kind, at)
  end
  redis.call('EXPIRE', history, ARGV[1])
  if redis.call('HLEN', history) > tonumber(ARGV[2]) then
    -- Touches this old are counted already; opened once more, they would be counted once more.
    local all = redis.call('HGETALL', history)
    for j = 1, #all, 2 do
      local prefix = string.sub(all[j], 1, 2)
      if (prefix == 'o.' or prefix == 'k.') and tonumber(all[j + 1]) < tonumber(ARGV[3]) then
        redis.call('HDEL', history, all[j])
      end
    end
  end
end
return news
