-- Keep what a customer answered in a poll; of two answers the later stands.
-- KEYS: history    ARGV: field, at ms, answer, history ttl s
-- Answers 1 when it stands now, else 0.
local held = redis.call('HGET', KEYS[1], ARGV[1])
local at = held and tonumber(string.match(held, '^(%d+)|'))
if at and at > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. '|' .. ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
