-- Keep a lease that is still ours for so long, or let go of it. Answers 1 while it is ours.
-- KEYS 1 the lease
-- ARGV 1 whose it is, 2 milliseconds (0: let go)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
