// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The context of a request, which contains Hummingbird's storage and the connection.
struct EmulatorRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let connection: Connection

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.connection = Connection(channel: source.channel)
    }
}
