// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

extension RouterMethods {
    /// The HTTP methods that NIO's parser accepts.
    ///
    /// `M-SEARCH` is missing, because NIO uses another name for it. If the parser does not accept a method,
    /// NIO responds with 400.
    private var parsedMethods: [HTTPRequest.Method] {
        """
        ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS \
        PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE
        """
        .split(separator: " ").compactMap { HTTPRequest.Method(String($0)) }
    }

    /// Adds routes that respond with 405 to every unsupported method of a path.
    ///
    /// - Parameters:
    ///   - methods: The supported methods.
    ///   - path: The path.
    func rejectMethods(except methods: [HTTPRequest.Method], at path: String) {
        for method in self.parsedMethods where !methods.contains(method) {
            self.on(RouterPath(path), method: method) { _, _ -> Response in
                var problem = HTTPProblem(.methodNotAllowed)
                problem.allowedMethods = methods.map(\.rawValue)
                throw problem
            }
        }
    }
}
