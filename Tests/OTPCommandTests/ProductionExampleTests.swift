// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tests of the program in `Snippets/Production.swift`.
@Suite struct ProductionExampleTests {
    @Test(arguments: [
        ([:], "OTP_COUNTRIES is not set"),
        (["OTP_COUNTRIES": "SG", "OTP_REDIS_URL": "http://127.0.0.1"], "OTP_REDIS_URL cannot be used"),
    ])
    func badSettingIsPrintedAndExitsWith78(settings: [String: String], message: String) async throws {
        let run = try await Program.run([], environment: settings, path: Program.path(of: "Production"))
        #expect(run.status == 78, "\(run)")
        #expect(run.errors.hasPrefix("app: ") && run.errors.contains(message), "\(run)")
        #expect(!run.errors.contains("Fatal error"), "\(run)")
    }
}
