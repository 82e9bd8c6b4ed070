// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore

/// One task executor for each event loop of a group.
struct EventLoopExecutors: Sendable {
    private let executors: [ObjectIdentifier: EventLoopTaskExecutor]

    /// Creates one executor for each event loop of a group.
    init(_ group: any EventLoopGroup) {
        self.executors = group.makeIterator()
            .reduce(into: [:]) { executors, eventLoop in
                executors[ObjectIdentifier(eventLoop)] = EventLoopTaskExecutor(eventLoop)
            }
    }

    /// Returns the executor of an event loop; a new one if the event loop does not belong to the group.
    func executor(of eventLoop: any EventLoop) -> any TaskExecutor {
        self.executors[ObjectIdentifier(eventLoop)] ?? EventLoopTaskExecutor(eventLoop)
    }
}
