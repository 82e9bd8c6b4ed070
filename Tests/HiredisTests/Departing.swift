@testable import Hiredis

extension RedisChannelHandler {
    /// Releases the caller of one command.
    func depart(_ id: UInt64) {
        var departures = Departures()
        departures.insert(id, .cancelled)
        _ = self.abandon(&departures)
    }
}

extension CommandBatch {
    /// Releases the caller of one command.
    mutating func depart(_ id: UInt64, _ load: CommandLoad = CommandLoad()) {
        var departures = Departures()
        departures.insert(id, .cancelled)
        _ = self.abandon(&departures, countedIn: load)
    }
}
