-- Count one view or click of a capped variant among all customers', if the cap allows one more, in one step.
-- KEYS: who was counted lately (sorted set), the numbers (hash), the moments (sorted set); one hash tag
-- ARGV: who, now ms, at most ('' as many as come), field of the numbers ('' the moments count), the first
--       ms that counts ('' ever), ms within which the same one counts once, ttl s
-- Answers 0 when the cap is reached, 1 when it was counted, 2 when the same one was counted lately.
local recent, numbers, moments = KEYS[1], KEYS[2], KEYS[3]
local who, now, most, field, since = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local fold = tonumber(ARGV[6])
redis.call('ZREMRANGEBYSCORE', recent, '-inf', '(' .. now - fold)
if redis.call('ZSCORE', recent, who) then return 2 end
local used
if field == '' then
  redis.call('ZREMRANGEBYSCORE', moments, '-inf', '(' .. since)
  used = redis.call('ZCARD', moments)
else
  used = tonumber(redis.call('HGET', numbers, field) or '0')
end
if most and used >= most then return 0 end
redis.call('ZADD', recent, now, who)
redis.call('HINCRBY', numbers, 'n', 1)
if field == '' then
  redis.call('ZADD', moments, now, who .. '|' .. ARGV[2])
elseif field ~= 'n' then
  redis.call('HINCRBY', numbers, field, 1)
  for _, held in ipairs(redis.call('HKEYS', numbers)) do
    -- A bucket is 92 days at most.
    local start = tonumber(string.match(held, '^b(%d+)$'))
    if start and start < since - 93 * 86400000 then redis.call('HDEL', numbers, held) end
  end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[7]) end
return 1
