-- One list of a catalogue with its items, unless the asker has it as it is.
-- KEYS: meta, items, lists
-- ARGV: list's name, the number at which the asker read it
-- Answers false where nothing was written since, else the number now and the items in order.
local number = redis.call('HGET', KEYS[1], 'n') or '0'
if number == ARGV[2] then return false end
local raw = redis.call('HGET', KEYS[3], ARGV[1])
local ids = raw and cjson.decode(raw) or {}
if #ids == 0 then return { number, {} } end
return { number, redis.call('HMGET', KEYS[2], unpack(ids)) }
