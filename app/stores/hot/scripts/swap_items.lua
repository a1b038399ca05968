-- Put a whole copy of a catalogue in the place of the old one.
-- KEYS: meta, items, the new items
-- ARGV: SQL's edition that was copied
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('RENAME', KEYS[3], KEYS[2])
else
  redis.call('DEL', KEYS[2])
end
redis.call('HSET', KEYS[1], 'v', ARGV[1])
-- A server that lost its data must not come to a number that some process remembers.
local time = redis.call('TIME')
redis.call('HSETNX', KEYS[1], 'n', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
return redis.call('HINCRBY', KEYS[1], 'n', 1)
