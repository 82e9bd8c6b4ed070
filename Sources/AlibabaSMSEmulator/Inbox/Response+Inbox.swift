// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Hummingbird
import JSONOutput
import NIOCore

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
