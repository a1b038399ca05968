-- Put a customer's state back where it was lost; what is there already is newer and stays.
-- KEYS: state    ARGV: field, value, field, value ...
-- Answers 1 when restored, else 0.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for i = 1, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
return 1
