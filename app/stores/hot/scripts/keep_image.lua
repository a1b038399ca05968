-- Keep what a fetch brought; of too many or too heavy ones those go that were not used for longest.
-- KEYS: the picture, those used last, their bytes, all bytes
-- ARGV: its name, digest, content ('' as it was), milliseconds fresh, milliseconds kept ('' as before),
--       why it could not be had, etag, last-modified, failures in a row, pictures at most, bytes at most,
--       what the keys of pictures begin with
local picture, used, sizes, total = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, content = ARGV[1], ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', picture, 'd', ARGV[2], 'f', now + ARGV[4], 'r', ARGV[6], 'e', ARGV[7], 'm', ARGV[8], 'n', ARGV[9])
if content ~= '' then redis.call('HSET', picture, 'c', content) end
if ARGV[2] == '' then redis.call('HDEL', picture, 'c') end
if ARGV[5] ~= '' then redis.call('PEXPIRE', picture, ARGV[5]) end
redis.call('ZADD', used, now, name)
local size = 500 + redis.call('HSTRLEN', picture, 'c')
local before = tonumber(redis.call('HGET', sizes, name) or 0)
redis.call('HSET', sizes, name, size)
local bytes = redis.call('INCRBY', total, size - before)
while bytes > tonumber(ARGV[11]) or redis.call('ZCARD', used) > tonumber(ARGV[10]) do
  local oldest = redis.call('ZPOPMIN', used)
  if not oldest[1] then break end
  redis.call('DEL', ARGV[12] .. oldest[1])
  bytes = redis.call('INCRBY', total, -tonumber(redis.call('HGET', sizes, oldest[1]) or 0))
  redis.call('HDEL', sizes, oldest[1])
end
return bytes
