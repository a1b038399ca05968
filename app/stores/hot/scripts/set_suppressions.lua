-- Replace the standing suppressions of a customer if nobody else changed them meanwhile.
-- KEYS: state, stream    ARGV: expected ('' none), new, event, now ms
-- Answers 1 when written, 0 when the caller must read again.
-- A customer the house does not know may still be suppressed: the state then holds nothing else.
local held = redis.call('HGET', KEYS[1], 'x') or ''
if held ~= ARGV[1] then return 0 end
local revision = math.max(tonumber(redis.call('HGET', KEYS[1], 'r') or '0') + 1, tonumber(ARGV[4]))
redis.call('HSET', KEYS[1], 'x', ARGV[2], 'r', string.format('%.0f', revision))
redis.call('XADD', KEYS[2], '*', 'e', ARGV[3], 's', cjson.encode(redis.call('HGETALL', KEYS[1])))
return 1
