// SPDX-License-Identifier: Apache-2.0

/// A list of setting errors, with at most one error for each variable.
package struct SettingProblems: Sendable {
    /// The errors, in the order in which they were found.
    package private(set) var all: [OTPSettingsError]

    /// Creates a list of errors.
    ///
    /// - Parameter problems: Errors that are already known.
    package init(_ problems: [OTPSettingsError] = []) {
        self.all = problems
    }

    /// Runs a closure that reads a setting, and adds the error of the closure to the list.
    ///
    /// Only the first error for each variable is added.
    package mutating func check(_ read: () throws(OTPSettingsError) -> Void) {
        do {
            try read()
        } catch {
            if !self.all.contains(where: { $0.variable == error.variable }) { self.all.append(error) }
        }
    }
}
