// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AlibabaSMSEmulator

/// Tests that the emulator rejects deeply nested JSON with a reason.
@Suite struct NestedBodyTests {
    static let inputs = [500, 9_000, 100_000]
        .flatMap { levels in
            [("[", "]"), (#"{"rules":"#, "}"), (#"{"rules":["#, "]}")]
                .map { open, close in
                    String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
                }
        }

    @Test("A plan of faults names the place where the nesting becomes too deep", arguments: inputs)
    func faults(_ nested: String) {
        #expect {
            try FaultSettings(json: nested.utf8)
        } throws: { error in
            "\(error)".hasPrefix("the file is not JSON: the JSON text is nested too deeply at byte ")
        }
    }

    @Test("A plan of faults with a duplicate member is rejected")
    func duplicates() {
        #expect {
            try FaultSettings(json: #"{"seed":1,"seed":2}"#.utf8)
        } throws: { error in
            "\(error)" == "the file is not JSON: the JSON text has a duplicate member at byte 10"
        }
    }

    @Test("A policy document with deep nesting is rejected", arguments: inputs)
    func policy(_ nested: String) {
        #expect(AccessPolicy(name: "x", document: nested) == nil)
        #expect(AccessPolicy(name: "x", document: #"{"Statement":[],"Other":\#(nested)}"#) == nil)
        #expect(AccessPolicy(name: "x", document: #"{"Statement":[],"Other":[[]]}"#) != nil)
    }

    @Test("The summary of a response with deep nesting is empty", arguments: inputs)
    func summary(_ nested: String) {
        #expect(ResponseSummary(Array(nested.utf8)).code == nil)
        #expect(ResponseSummary(Array(#"{"ResponseCode":"OK","Other":\#(nested)}"#.utf8)).code == nil)
        #expect(ResponseSummary(Array(#"{"ResponseCode":"OK","Other":[[]]}"#.utf8)).code == "OK")
    }
}
