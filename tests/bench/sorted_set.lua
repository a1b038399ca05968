-- The rival: the plain form of a ledger, a sorted set and a hash, counted and reserved by one script.
-- KEYS: touches, records    ARGV: now ms, touch, record, ttl s, rules, then for each: span ms, cap, channel
local now = tonumber(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 8553600000)
local widest = 0
for i = 1, tonumber(ARGV[5]) do widest = math.max(widest, tonumber(ARGV[i * 3 + 3])) end
local touches = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. (now - widest), '+inf', 'WITHSCORES')
local records = {}
local ids = {}
for i = 1, #touches, 2 do ids[#ids + 1] = touches[i] end
if #ids > 0 then records = redis.call('HMGET', KEYS[2], unpack(ids)) end
for i = 1, tonumber(ARGV[5]) do
  local span, cap, channel = tonumber(ARGV[i * 3 + 3]), tonumber(ARGV[i * 3 + 4]), ARGV[i * 3 + 5]
  local used = 0
  for j = 1, #ids do
    local record = records[j] or ''
    local state, expiry, _, on = string.match(record, '^(.)|(%d+)|([^|]*)|([^|]*)|')
    local counts = state and (state == 'S' or tonumber(expiry) > now) and (channel == '' or channel == on)
    if counts and tonumber(touches[j * 2]) > now - span then used = used + 1 end
  end
  if used >= cap then return 0 end
end
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return 1
