// SPDX-License-Identifier: Apache-2.0

/// A list of errors of settings, with at most one error for each variable.
package struct SettingProblems: Sendable {
    /// The errors, in the order in which they were found.
    package private(set) var all: [OTPSettingsError]

    /// Creates a list of errors.
    ///
    /// - Parameter problems: Errors that are already known.
    package init(_ problems: [OTPSettingsError] = []) {
        self.all = problems
    }

    /// Runs a closure that reads a setting.
    ///
    /// If the closure throws an error, the method adds the error, unless the list already contains an error for the same
    /// variable.
    package mutating func check(_ read: () throws(OTPSettingsError) -> Void) {
        do {
            try read()
        } catch {
            if !self.all.contains(where: { $0.variable == error.variable }) { self.all.append(error) }
        }
    }
}
