-- Take back one count of spend_cap: what was to be shown was not.
-- KEYS: as there. ARGV: who, the ms it was counted at, field of the numbers ('' the moments count)
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  redis.call('HINCRBY', KEYS[2], 'n', -1)
  if ARGV[3] == '' then
    redis.call('ZREM', KEYS[3], ARGV[1] .. '|' .. ARGV[2])
  elseif ARGV[3] ~= 'n' then
    redis.call('HINCRBY', KEYS[2], ARGV[3], -1)
  end
end
return false
