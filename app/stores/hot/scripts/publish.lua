-- Publish or withdraw one document; every process sees it at its next look.
-- KEYS: published, revision, changes    ARGV: field, document ('' withdraws)
local revision = redis.call('INCR', KEYS[2])
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
redis.call('ZADD', KEYS[3], revision, ARGV[1])
return revision
