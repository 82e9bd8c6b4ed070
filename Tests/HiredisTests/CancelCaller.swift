// SPDX-License-Identifier: Apache-2.0

@testable import Hiredis

extension RedisChannelHandler {
    /// Cancels the caller of a command in the same way as the client.
    func cancelCaller(_ id: UInt64) {
        var cancellations = CallerCancellations()
        cancellations.insert(id, .cancelled)
        _ = self.abandon(&cancellations)
    }
}

extension CommandBatch {
    /// Cancels the caller of a command in the batch.
    mutating func cancelCaller(_ id: UInt64, _ load: CommandLoad = CommandLoad()) {
        var cancellations = CallerCancellations()
        cancellations.insert(id, .cancelled)
        _ = self.abandon(&cancellations, server: "127.0.0.1:6379", countedIn: load)
    }
}
