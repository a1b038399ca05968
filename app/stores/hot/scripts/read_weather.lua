-- Read the weather of a cell and note that it is wanted.
-- KEYS: cells, wanted
-- ARGV: the cell, wanted ones at most (those go first that were wanted least lately)
-- Answers what is kept (false for nothing) and the present in ms.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[2], now, ARGV[1])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[2])
if over > 0 then redis.call('ZREMRANGEBYRANK', KEYS[2], 0, over - 1) end
return {redis.call('HGET', KEYS[1], ARGV[1]), now}
