-- Forget a customer: every key of theirs, and an entry that makes SQL forget too.
-- KEYS: stream, state, history, ledger, ...    ARGV: event
-- Answers how many keys there were.
local gone = 0
for i = 2, #KEYS do gone = gone + redis.call('DEL', KEYS[i]) end
redis.call('XADD', KEYS[1], '*', 'e', ARGV[1])
return gone
