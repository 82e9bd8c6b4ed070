// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// A server that adds its address to its errors.
struct NamedListener: Service {
    let service: any Service
    let address: ListenOption

    func run() async throws {
        do {
            try await self.service.run()
        } catch  where !(error is CancellationError) {
            let message = "the service cannot listen on \(self.address.host):\(self.address.port): \(reason(error))"
            throw CommandFailure(.error, "port", message)
        }
    }
}
