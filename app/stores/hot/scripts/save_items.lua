-- Write and remove items of a catalogue.
-- KEYS: meta, items
-- ARGV: SQL's edition with this write in it, then item id, document pairs ('' removes)
-- `n` grows with every write: processes look at it. `v` is the edition that all writes have arrived of;
-- it stays behind where one was lost on the way, and a worker then copies the catalogue anew.
local meta, items = KEYS[1], KEYS[2]
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', items, ARGV[i])
  else
    redis.call('HSET', items, ARGV[i], ARGV[i + 1])
  end
end
if tonumber(redis.call('HGET', meta, 'v') or '0') == tonumber(ARGV[1]) - 1 then
  redis.call('HSET', meta, 'v', ARGV[1])
end
-- A server that lost its data must not come to a number that some process remembers.
local time = redis.call('TIME')
redis.call('HSETNX', meta, 'n', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
return redis.call('HINCRBY', meta, 'n', 1)
