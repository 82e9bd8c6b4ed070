-- Admits a message, unless a limit refuses it; a number that takes no guess gets no message either.

if row >= LIMITS.row then
    return struct.pack('>BI6BBI6', 1, now, ROW, 0, 0)
end
consider_windows(FAILURES, failures, 20, LIMITS.failures)
consider_sends()
if wait > 0 then
    return struct.pack('>BI6BBI6', 1, now, kind, index, wait)
end
sends = string.sub(sends .. struct.pack('>I6', now), -6 * LIMITS.largest_sends)
step = step < 255 and step + 1 or 255
consider_sends()
