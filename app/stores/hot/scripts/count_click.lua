-- Count a person's click on a capped variant; clicks in one message within a while count once.
-- KEYS: history
-- ARGV: field, message, now ms, ms within which they count once, moments kept, history ttl s
local number, message, moments =
  string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0||', '^(%d+)|([^|]*)|(.*)$')
local last = tonumber(string.match(moments, '^%d+'))
if message == ARGV[2] and last and tonumber(ARGV[3]) - last < tonumber(ARGV[4]) then return 0 end
local kept = { ARGV[3] }
for moment in string.gmatch(moments, '%d+') do
  if #kept < tonumber(ARGV[5]) then kept[#kept + 1] = moment end
end
redis.call('HSET', KEYS[1], ARGV[1], (number + 1) .. '|' .. ARGV[2] .. '|' .. table.concat(kept, ','))
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1
