// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import JSONOutput
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Response {
    /// Creates a JSON response of the REST API.
    init(inbox value: some Encodable) {
        let body = (try? JSONEncoder.compact.encode(value)) ?? Data("null".utf8)
        self.init(
            status: .ok,
            headers: [
                .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
