-- wrk script: POST /tsa with a DER timestamp request (RFC 3161) over a fresh SHA-256 imprint per request.
--
-- TimeStampReq { version 1, messageImprint { sha256, NULL, 32 bytes }, nonce of 8 bytes, certReq as asked for }.
-- `wrk -s post_timestamp.lua URL -- certs` asks for certificates, which makes the answers larger.
-- Imprints are put together from blocks made before the run: every request costs the load generator the same.

local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function random_bytes(length)
  local bytes = {}
  for i = 1, length do
    bytes[i] = string.char(math.random(0, 255))
  end
  return table.concat(bytes)
end

local function hex(text)
  return (text:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

function init(args)
  math.randomseed(os.time() * 64 + number)
  halves = {}
  for i = 1, 65536 do
    halves[i] = random_bytes(16)
  end
  count = 0
  local certificates = args[1] == "certs" and hex("0101ff") or ""
  -- version, then the imprint up to its digest: sha256 with NULL parameters
  local imprint = hex("3031" .. "300d0609608648016503040201" .. "0500" .. "0420")
  -- a leading 01 keeps the nonce positive and its length constant
  tail = hex("020801") .. random_bytes(7) .. certificates
  local length = 3 + #imprint + 32 + #tail
  head = string.char(0x30, length) .. hex("020101") .. imprint
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/timestamp-query"
end

function request()
  local first = count % 65536
  local second = (first + 1 + math.floor(count / 65536)) % 65536
  count = count + 1
  return wrk.format(nil, nil, nil, head .. halves[first + 1] .. halves[second + 1] .. tail)
end
