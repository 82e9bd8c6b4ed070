// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension RedisError {
    /// The error kinds whose texts never contain a part of the command.
    private static let kindsWithoutArguments: Set<String> = [
        "BUSY", "CLUSTERDOWN", "CROSSSLOT", "DENIED", "LOADING", "MASTERDOWN", "MISCONF", "NOAUTH",
        "NOREPLICAS", "NOSCRIPT", "OOM", "READONLY", "TRYAGAIN", "WRONGTYPE",
    ]

    /// Creates an error from the text of an error reply.
    ///
    /// Many error texts of Redis contain arguments of the command. For such a text, the message contains only the error kind
    /// and any line number in a script.
    init(serverText: String) {
        let kind = Self.kind(of: serverText)
        let text = serverText.prefix { !$0.isNewline }
        let position = #/ script: [0-9a-f]{40}, on @(user_script:[0-9]{1,9})\.$/#
        let message =
            if let redirection = Self.redirection(kind, text) {
                redirection
            } else if kind == "NOPERM" {
                Self.missingRight(text)
            } else if Self.kindsWithoutArguments.contains(kind) {
                String(text.prefix(256))
            } else if let script = text.suffix(128).firstMatch(of: position) {
                "the server replied with \(kind) at \(script.1)"
            } else {
                "the server replied with \(kind)"
            }
        // The server replies NOAUTH to every command until AUTH succeeds, so the command has not run.
        let code: Code = kind == "NOAUTH" ? .authenticationFailed : .server
        self.init(code: code, message: message, serverErrorKind: kind)
    }

    /// Returns a message about a redirection that the client cannot follow; `nil` for other errors.
    ///
    /// A cluster client cannot follow a redirection without an address. Other clients cannot follow any redirection.
    private static func redirection(_ kind: String, _ text: Substring) -> String? {
        guard kind == "MOVED" || kind == "ASK" else { return nil }
        let address = text.split(separator: " ").dropFirst(2).first
        // The port follows the last colon, because the server does not put IPv6 addresses in brackets.
        if let address, let host = address.lastIndex(of: ":").map({ address[..<$0] }), !host.isEmpty, host != "?" {
            return "the server replied with \(kind): it is a cluster node, and another node serves the key; "
                + "use redis-cluster://, or, if that is configured, wait until the nodes agree on the slot"
        }
        return "the server replied with \(kind) without an address: set cluster-announce-ip on each node, "
            + "or cluster-announce-hostname if cluster-preferred-endpoint-type is hostname"
    }

    /// Returns a message about a missing permission.
    ///
    /// The message omits the name of the user.
    private static func missingRight(_ text: Substring) -> String {
        let right = text.replacing(#/User \S+ /#, with: "", maxReplacements: 1)
        if right.contains(#/\bkeys?\b/#) { return "NOPERM: the user lacks the right to access the key" }
        guard let command = right.firstMatch(of: #/ '([a-z|]{1,40})' command/#) else {
            return "NOPERM: the user lacks a right"
        }
        return "NOPERM: the user lacks the right to run the '\(command.1)' command"
    }

    /// Returns the first word of an error text if the word is an error kind, such as `WRONGTYPE`; otherwise `ERR`.
    ///
    /// An error kind consists of at most 32 capital letters and underscores.
    static func kind(of serverText: String) -> String {
        let word = serverText.prefix { $0 != " " && $0 != "\r" && $0 != "\n" }
        let isKind =
            !word.isEmpty && word.utf8.count <= 32 && word.utf8.allSatisfy { $0.isASCIIUppercaseLetter || $0 == 0x5F }
        return isKind ? String(word) : "ERR"
    }
}
