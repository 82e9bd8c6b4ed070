// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore

extension Response {
    /// Creates a response that contains a JSON document and must not be cached.
    init(
        _ status: HTTPResponse.Status,
        _ document: JSONText,
        mediaType: String = "application/json",
        headers: HTTPFields = [:]
    ) {
        self.init(status, bytes: document.bytes, mediaType: mediaType, headers: headers)
    }

    /// Creates a response that contains the bytes of a document and must not be cached.
    init(_ status: HTTPResponse.Status, bytes: [UInt8], mediaType: String, headers: HTTPFields = [:]) {
        var fields: HTTPFields = [
            .contentType: mediaType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if !headers.isEmpty { fields.append(contentsOf: headers) }
        self.init(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A response with the status 204 that must not be cached.
    static var noContent: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }
}
