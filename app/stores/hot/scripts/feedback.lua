-- Note that people opened or clicked in touches; the same fact again changes nothing.
-- KEYS: histories of one partition, one a fact
-- ARGV: history ttl s, fields that are many, drop touches older than (ms), then for each key
--       'o' or 'k', touch, at ms, block ('' none), milliseconds within which fetches are one open
-- Of each touch the earliest moment is kept, in whatever order they are told; its opens are counted in
-- their order, so that a fact told again counts nothing.
-- Answers how many facts were the first of their touch.
local news = 0
for i = 1, #KEYS do
  local history = KEYS[i]
  local kind, touch, at, block, fold = unpack(ARGV, i * 5 - 1, i * 5 + 3)
  if redis.call('HSETNX', history, kind .. '.' .. touch, at) == 1 then
    redis.call('HINCRBY', history, 'n.' .. kind, 1)
    news = news + 1
  elseif tonumber(redis.call('HGET', history, kind .. '.' .. touch)) > tonumber(at) then
    redis.call('HSET', history, kind .. '.' .. touch, at)
  end
  if kind == 'o' then
    local before, count = string.match(redis.call('HGET', history, 'm.' .. touch) or '', '^(%d+)|(%d+)$')
    if not before or tonumber(at) - tonumber(before) > tonumber(fold) then
      redis.call('HSET', history, 'm.' .. touch, at .. '|' .. (tonumber(count) or 0) + 1)
    end
  elseif block ~= '' then
    redis.call('HSETNX', history, 'b.' .. touch, at)
    redis.call('HSETNX', history, 'b.' .. touch .. '|' .. block, at)
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
      local is_old = (tonumber(string.match(all[j + 1], '^%d+')) or 0) < tonumber(ARGV[3])
      if is_old and (prefix == 'o.' or prefix == 'k.' or prefix == 'm.' or prefix == 'b.') then
        redis.call('HDEL', history, all[j])
      end
    end
  end
end
return news
