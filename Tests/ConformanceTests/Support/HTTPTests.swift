// SPDX-License-Identifier: Apache-2.0

/// The tests of an attack over HTTP.
struct HTTPTests: Sendable {
    /// Whether the test of the row also runs over HTTP.
    var isInTable = false

    /// The reason why the test of the row does not run over HTTP, or a statement about its requests.
    var remark: String?

    /// The paths of further tests, such as `OTPServerTests/ProxyTests`, or of one test function in such a suite.
    var paths: [String] = []

    /// The test of the row, which runs over HTTP, and further tests.
    static func table(and paths: String...) -> Self { Self(isInTable: true, paths: paths) }

    /// Tests in other targets only.
    static func only(_ paths: String...) -> Self { Self(paths: paths) }

    /// The test of the row, which does not call the operations of a service, and further tests.
    static func remark(_ text: String, and paths: String...) -> Self { Self(remark: text, paths: paths) }

    /// The cell of the conformance table in the documentation.
    var text: String {
        let paths = self.paths.map { "`\($0)`" }.joined(separator: ", ")
        if let remark { return paths.isEmpty ? remark : "\(remark); also \(paths)" }
        return [self.isInTable ? "this test" : "", paths].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
