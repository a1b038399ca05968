-- Write what was decided about a customer, if nothing it was decided by has changed since.
-- KEYS: ledger, state, stream, then the answers
-- ARGV: ledger, system and suppressions as they were read ('' none), new ledger, 'write' or 'leave',
--       ledger ttl s, answer ttl s, then as many answers as there are keys for them, then events
-- Answers 1 when written, 0 when the caller must read and decide again.
local ledger, state, stream = KEYS[1], KEYS[2], KEYS[3]
if (redis.call('GET', ledger) or '') ~= ARGV[1] then return 0 end
local held = redis.call('HMGET', state, 's', 'x')
if (held[1] or '') ~= ARGV[2] or (held[2] or '') ~= ARGV[3] then return 0 end
for i = 4, #KEYS do
  -- Somebody else was asked the same with the same key: their answer is the answer.
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
if ARGV[5] == 'write' then
  if ARGV[4] == '' then
    redis.call('DEL', ledger)
  else
    redis.call('SET', ledger, ARGV[4], 'EX', ARGV[6])
  end
end
local answers = #KEYS - 3
for i = 1, answers do redis.call('SET', KEYS[i + 3], ARGV[i + 7], 'EX', ARGV[7]) end
for i = 8 + answers, #ARGV do redis.call('XADD', stream, '*', 'e', ARGV[i]) end
return 1
