-- Applies a batch of operations on one bucket, exactly once.
--
-- KEYS[1]  the hash of the bucket: counter to value, as a decimal number
-- KEYS[2]  what the last batch of this session on this bucket was, and its results
-- ARGV     sequence number of the batch (0: it only reads), how long the session is remembered in milliseconds;
--          then for each operation its code, the counter and two numbers, empty where they mean nothing
--
-- Replies with the sequence number of the batch that was applied before (of this one, if this is a repeat), and a result for
-- each operation: a value, '' for none, or '!' and why it was not done. An error means that nothing was done, but for one
-- that begins with BROKEN.
--
-- A full server refuses the first write of a script, and none that comes after one it has taken: so if it does not take what is
-- to be remembered, it has taken nothing. Numbers in here are doubles, so sums that do not fit one exactly are left to HINCRBY.
--
-- What goes to replicas and into the file are values and never additions. A server that is killed while it writes may leave the
-- first commands of a batch in its file, without the last, and execute them at a later start: then they do what the batch,
-- which was sent again, did from the same values, and nothing is added twice.

local values, session = KEYS[1], KEYS[2]
local sequence, ttl = tonumber(ARGV[1]), ARGV[2]
local exact, reserved = 2 ^ 53, '-9223372036854775808'

local last = 0
if sequence > 0 then
    local stored = redis.pcall('GET', session)
    if type(stored) == 'table' then return stored end
    if stored then
        local remembered = cmsgpack.unpack(stored)
        last = remembered[1]
        if last == sequence then return remembered end
        if last > sequence then return redis.error_reply('STALE a later batch was applied') end
    end
end

local wrote = false

-- What a counter has, '' for none; others may have written there what is no number.
local function value(key)
    local text = redis.call('HGET', values, key) or ''
    if text ~= '' and not string.match(text, '^-?%d+$') then error('value is not an integer', 0) end
    return text
end

local function put(key, number)
    redis.call('HSET', values, key, number)
    wrote = true
    return number
end

local function isExact(number)
    return number < exact and number > -exact
end

-- A sum that HINCRBY has to make; nil if it is out of range. Only this server sees how.
local function sum(key, met, base, step)
    redis.set_repl(redis.REPL_NONE)
    if met == '' then redis.call('HSET', values, key, base) end
    local added = redis.pcall('HINCRBY', values, key, step)
    local text = type(added) == 'number' and redis.call('HGET', values, key)
    local fits = text and text ~= reserved
    if not fits and met == '' then redis.call('HDEL', values, key) end
    if not fits and met ~= '' then redis.call('HSET', values, key, met) end
    redis.set_repl(redis.REPL_ALL)
    return fits and text or nil
end

local function add(key, step, initial)
    local met = value(key)
    local base = met == '' and initial or met
    local from, by = tonumber(base), tonumber(step)
    if isExact(from) and isExact(by) and isExact(from + by) then
        return put(key, string.format('%.0f', from + by))
    end
    local text = sum(key, met, base, step)
    return text and put(key, text) or '!overflow ' .. base
end

local operations = {
    get = value,
    add = add,
    set = put,
    swap = function(key, expected, number)
        local met = value(key)
        if met == '' then met = '0' end
        if met ~= expected then return met end
        return '=' .. put(key, number)
    end,
    take = function(key)
        local last = value(key)
        redis.call('HDEL', values, key)
        wrote = true
        return last
    end,
    delete = function(key)
        redis.call('HDEL', values, key)
        wrote = true
        return ''
    end,
    clear = function()
        redis.call('HLEN', values) -- what is no hash is not ours to delete
        redis.call('DEL', values)
        wrote = true
        return ''
    end,
    nothing = function() return '' end
}

-- One that fails, as the user may not use a command, say, leaves the others as they are.
local results = {}
for i = 3, #ARGV, 4 do
    local done, answer = pcall(operations[ARGV[i]], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
    if not done then redis.set_repl(redis.REPL_ALL) end
    results[#results + 1] = done and answer or '!' .. (type(answer) == 'table' and answer.err or answer)
end

if sequence > 0 then
    local kept = redis.pcall('SET', session, cmsgpack.pack({sequence, results}), 'PX', ttl)
    if kept.err and wrote then return redis.error_reply('BROKEN the batch cannot be remembered: ' .. kept.err) end
    if kept.err then return kept end
end
return {last, results}
