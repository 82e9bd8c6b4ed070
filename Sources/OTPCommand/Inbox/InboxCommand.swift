// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser
import AsyncHTTPClient
import Foundation
import JSONOutput
import NIOCore
import OTPEnvironment

struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "Read the messages that the emulator accepted.",
        discussion: """
            EXAMPLES
              otp inbox list
              otp inbox wait '+65 9123 4567' --code
              otp inbox watch --namespace job-7

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """,
        subcommands: [
            InboxListCommand.self, InboxWatchCommand.self, InboxWaitCommand.self, InboxShowCommand.self,
            InboxClearCommand.self, InboxCursorCommand.self,
        ]
    )
}

/// The options that locate the inbox.
struct InboxOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The URL of the emulator (OTP_INBOX_URL, or else OTP_SMS_ENDPOINT).", valueName: "url"))
    var inboxURL: String?

    @Option(
        help: ArgumentHelp(
            "Only this namespace: an AccessKey ID, a role, or the value of the header x-otp-namespace "
                + "(OTP_INBOX_NAMESPACE). Default: all namespaces.",
            valueName: "name"
        )
    )
    var namespace: String?

    @OptionGroup var sources: SourceOptions

    /// The settings, with the values of the options.
    var settings: OTPSettings {
        get throws(OTPSettingsError) {
            let options: [Variable: String?] = [.inboxURL: self.inboxURL, .inboxNamespace: self.namespace]
            return try self.sources.settings(options.compactMapValues(\.self))
        }
    }

    /// Runs a closure with a client of the inbox, and converts errors to ``CommandFailure``.
    func withInbox<Result: Sendable>(_ work: (InboxClient) async throws -> Result) async throws -> Result {
        let settings = try self.settings
        let url = try settings.inboxURL()
        let (namespace, token) = (try settings.inboxNamespace(), try settings.inboxToken(for: url))
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .impatient)
        let inbox = InboxClient(baseURL: url, namespace: namespace, token: token, httpClient: http)
        let result = await asyncResult { try await work(inbox) }
        try await http.shutdown()
        do {
            return try result.get()
        } catch let failure as CommandFailure {
            throw failure
        } catch let response as InboxClient.UnexpectedResponse where response.status == 401 {
            let hint =
                token == nil && settings.value(.inboxToken) != nil
                ? "OTP_INBOX_TOKEN is sent to another machine only if OTP_INBOX_URL or --inbox-url names it"
                : "OTP_INBOX_TOKEN"
            throw CommandFailure(.configuration, "tokenRequired", "the inbox at \(url) requires its token: \(hint)")
        } catch let response as InboxClient.UnexpectedResponse {
            throw CommandFailure(.error, "noInbox", "no inbox at \(url): \(response)")
        } catch is DecodingError {
            throw CommandFailure(.error, "noInbox", "no inbox at \(url): the response is unreadable")
        } catch {
            throw CommandFailure.unreachable("the inbox at \(url)", reason(error))
        }
    }
}

extension HTTPClient.Configuration {
    /// The configuration of an HTTP client that does not retry after a refused connection.
    ///
    /// The read timeout is longer than the maximum time for which the inbox delays a response.
    static var impatient: HTTPClient.Configuration {
        var http = HTTPClient.Configuration(timeout: .init(connect: .seconds(3), read: .seconds(75)))
        http.connectionPool.retryConnectionEstablishment = false
        http.httpVersion = .http1Only
        return http
    }
}

extension InboxMessage {
    /// The message as one line of text.
    var line: String {
        "\(self.id)  \(self.receivedAt.rfc3339)  \(self.to)  \(self.text)".inOneLine
    }

    /// All details of the message as lines of text.
    var details: String {
        let head = [
            "message   \(self.id)  \(self.messageID)",
            "to        \(self.to)\(self.from.map { "  from \($0)" } ?? "")",
            "received  \(self.receivedAt.rfc3339)",
            "segments  \(self.segments) (\(self.encoding))",
            "code      \(self.code ?? "not found")",
        ]
        // The indentation distinguishes the message from the other details.
        let text = TerminalText.lines(of: self.text).map { "  \($0)" }
        return (head.map(\.inOneLine) + [""] + text).joined(separator: "\n")
    }
}
