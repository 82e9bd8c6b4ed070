// SPDX-License-Identifier: Apache-2.0

/// The errors of several settings, at most one for each variable.
package struct SettingProblems: Sendable {
    /// The errors, in the order in which they were found.
    package private(set) var all: [OTPSettingsError]

    /// Creates a list.
    ///
    /// - Parameter problems: Errors that are already known.
    package init(_ problems: [OTPSettingsError] = []) {
        self.all = problems
    }

    /// Reads a setting, and adds its error unless the variable already has one.
    package mutating func check(_ read: () throws(OTPSettingsError) -> Void) {
        do {
            try read()
        } catch {
            if !self.all.contains(where: { $0.variable == error.variable }) { self.all.append(error) }
        }
    }
}
