-- wrk script: POST /openlog/add with a fresh body of 64 random bytes per request.
--
-- The bodies are cut out of one random block made before the run, at places a counter gives: every request costs the
-- load generator the same, and no body repeats within some four thousand million requests of one thread.

local SIZE = 64
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(args)
  math.randomseed(os.time() * 64 + number)
  head = {}
  for i = 1, 65536 do
    head[i] = random_bytes(SIZE / 2)
  end
  count = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/octet-stream"
end

function random_bytes(length)
  local bytes = {}
  for i = 1, length do
    bytes[i] = string.char(math.random(0, 255))
  end
  return table.concat(bytes)
end

-- Two halves from the block: 65536 squared different bodies.
function request()
  local first = count % 65536
  local second = (first + 1 + math.floor(count / 65536)) % 65536
  count = count + 1
  return wrk.format(nil, nil, nil, head[first + 1] .. head[second + 1])
end
