// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

extension RouterMethods {
    /// Adds routes that respond with 405 to the standard methods that a path does not support.
    ///
    /// - Parameters:
    ///   - methods: The methods that the path supports.
    ///   - path: The path.
    func rejectMethods(except methods: [HTTPRequest.Method], at path: String) {
        let all: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
        for method in all where !methods.contains(method) {
            self.on(RouterPath(path), method: method) { _, _ -> Response in
                var problem = HTTPProblem(.methodNotAllowed)
                problem.allowedMethods = methods.map(\.rawValue)
                throw problem
            }
        }
    }
}
