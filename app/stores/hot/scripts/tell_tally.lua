-- Replace the sums of a poll by newer ones, whole.
-- KEYS: poll    ARGV: revision, answer, votes, answer, votes ...
-- Answers 1 when they are newer than those that were there, or the same; else 0.
local held = tonumber(redis.call('HGET', KEYS[1], '#') or -1)
if held > tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '#', ARGV[1])
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
return 1
