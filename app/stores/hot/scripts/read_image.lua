-- Read a picture of another server, mark it used, and have it fetched where it is not fresh and nobody does.
-- KEYS: the picture, those used last, those wanted, the lease of who fetches it
-- ARGV: its address, its name, the digest of the content the caller has, wanted ones at most
-- Answers false for nothing kept, else: digest, milliseconds it stays fresh (0: it does not) and may be
-- shown, why it could not be had last, content ('' where the caller has it or there is none).
local picture, used, wanted = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', picture, 'd', 'f', 'r')
local fresh = held[1] and math.max(0, tonumber(held[2]) - now) or 0
if fresh == 0 and redis.call('EXISTS', KEYS[4]) == 0 and redis.call('ZCARD', wanted) < tonumber(ARGV[4]) then
  redis.call('ZADD', wanted, 'NX', now, ARGV[1])
end
if not held[1] then return false end
redis.call('ZADD', used, 'XX', now, ARGV[2])
local content = held[1] ~= ARGV[3] and redis.call('HGET', picture, 'c') or ''
return {held[1], fresh, redis.call('PTTL', picture), held[3], content}
