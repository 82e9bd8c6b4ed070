// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import Testing

@testable import AlibabaSMS

/// Tests that every parser rejects deeply nested JSON quickly.
///
/// Without a limit on the depth, these inputs take seconds to minutes.
@Suite struct NestedInputTests {
    static let inputs: [String] = [500, 9_000, 32_768]
        .flatMap { levels in
            [("[", "]"), (#"{"a":"#, "}"), (#"[{"":"#, "}]")]
                .map { open, close in
                    let text = String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
                    return String(text.prefix(64 * 1024))
                }
        }

    @Test("A gateway response with deep nesting is unreadable", arguments: inputs)
    func response(_ nested: String) throws {
        for body in [nested, #"{"ResponseCode":"OK","Other":\#(nested)}"#] {
            let response = GatewayResponse(status: 200, body: Array(body.utf8))
            #expect(response.json == nil)
            guard case .unknown(let error, _) = response.verdict else {
                Issue.record("not unknown")
                continue
            }
            #expect(error.code == .unreadableResponse)
        }
        let list = #"{"ResponseCode":"OK","MessageIdList":\#(try Self.quoted(nested))}"#
        let fields = try #require(ResponseFields(JSON(parsing: list.utf8, rules: .externalFormat)))
        #expect(BatchSendMessageToGlobe.Response(fields).messageIDs == nil)
    }

    @Test("An error of STS with deep nesting has no code", arguments: inputs)
    func refusal(_ nested: String) {
        let body = #"{"Code":"NoPermission","Other":\#(nested)}"#
        let error = GatewayResponse(status: 403, body: Array(body.utf8)).rejection(by: "STS")
        #expect(error.message == "STS returned HTTP 403")
    }

    @Test("A delivery report with deep nesting is rejected", arguments: inputs)
    func push(_ nested: String) {
        for body in [nested, "[\(nested)]", #"[{"MessageId":"1","Status":"1","Other":\#(nested)}]"#] {
            #expect(throws: AlibabaSMSError.self) { try DeliveryReportPush(Array(body.utf8)) }
        }
    }

    @Test("A profile file with deep nesting is rejected", arguments: inputs)
    func profile(_ nested: String) {
        #expect(throws: AlibabaSMSError.self) { try CLIProfileFile(text: nested) }
        #expect(throws: AlibabaSMSError.self) { try CLIProfileFile(text: #"{"current":"a","other":\#(nested)}"#) }
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}
