// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SMSKit
import Testing

@testable import AlibabaSMS

@Suite struct RequestValidationTests {
    static func number(_ text: String) throws -> PhoneNumber { try #require(PhoneNumber(e164: text)) }

    @Test func validRequestHasItsParameters() throws {
        let request = SendMessageToGlobe(
            to: try Self.number("+6591234567"),
            message: "Hi",
            from: "Alicloud321",
            type: .oneTimePassword,
            taskID: "t1",
            validity: .seconds(300),
            channelID: "3790"
        )
        try request.validate(with: .init())
        #expect(
            request.parameters.canonicalQuery
                == "ChannelId=3790&From=Alicloud321&Message=Hi&TaskId=t1&To=6591234567&Type=OTP&ValidityPeriod=300"
        )
    }

    @Test func unsetFieldsAreNotSent() throws {
        let request = SendMessageToGlobe(to: try Self.number("+6591234567"), message: "Hi")
        #expect(request.parameters.canonicalQuery == "Message=Hi&To=6591234567")
    }

    @Test func invalidFieldIsNamed() throws {
        let changes: [(String, (inout SendMessageToGlobe) -> Void)] = [
            ("to", { $0.to = PhoneNumber(e164: "+8613800000000") ?? $0.to }),
            ("message", { $0.message = " \n" }),
            ("message", { $0.message = String(repeating: "x", count: 1501) }),
            ("from", { $0.from = "TwelveLetter" }),
            ("from", { $0.from = "1234567890123456" }),
            ("from", { $0.from = "" }),
            ("from", { $0.from = "Shop!" }),
            ("taskID", { $0.taskID = "" }),
            ("taskID", { $0.taskID = String(repeating: "x", count: 256) }),
            ("validity", { $0.validity = .zero }),
            ("channelID", { $0.channelID = "" }),
        ]
        for (field, change) in changes {
            var request = SendMessageToGlobe(to: try Self.number("+6591234567"), message: "Hi")
            change(&request)
            let error = #expect(throws: AlibabaSMSError.self) { try request.validate(with: .init()) }
            #expect(error?.code == .invalidRequest)
            #expect(error?.field == field)
        }
    }

    @Test(arguments: ["Shop", "12345678901", "123456789012345", "My Shop", "a"])
    func validSenderIDsAreAccepted(id: String) { #expect(SenderID.isValid(id)) }

    @Test(arguments: [
        "", "ftp://a", "https://", "dysmsapi.aliyuncs.com", "https://a/b", "https://a?b", "https://u:p@a",
        "http://example.com",
        "http://127.evil.com", "http://10.0.0.1", "https://a#f",
    ])
    func invalidEndpointIsAnError(endpoint: String) {
        let error = #expect(throws: AlibabaSMSError.self) { try Endpoint(.init(endpoint: endpoint)) }
        #expect(error?.field == "endpoint")
    }

    @Test(arguments: [
        ("https://dysmsapi.ap-southeast-1.aliyuncs.com", "dysmsapi.ap-southeast-1.aliyuncs.com"),
        ("https://Example.com:443/", "example.com"), ("https://a:8443", "a:8443"), ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://localhost:8026", "localhost:8026"), ("http://[::1]:9", "[::1]:9"), ("https://a:80", "a:80"),
    ])
    func hostIsSignedAsItIsSent(endpoint: String, host: String) throws {
        #expect(try Endpoint(.init(endpoint: endpoint)).host == host)
    }

    @Test func defaultEndpointIsSingaporeOverTLS() throws {
        #expect(try Endpoint(.init()).origin == "https://dysmsapi.ap-southeast-1.aliyuncs.com")
    }

    @Test func invalidSettingIsNamed() {
        let changes: [(String, (inout AlibabaSMSConfiguration) -> Void)] = [
            ("maximumRequests", { $0.maximumRequests = 0 }), ("readTimeout", { $0.readTimeout = .zero }),
            ("senderID", { $0.senderID = "no!" }), ("maximumTextLength", { $0.maximumTextLength = 0 }),
            ("connectTimeout", { $0.connectTimeout = .seconds(4000) }),
        ]
        for (field, change) in changes {
            var configuration = AlibabaSMSConfiguration()
            change(&configuration)
            let error = #expect(throws: AlibabaSMSError.self) { try configuration.validate() }
            #expect(error?.field == field)
        }
    }

    @Test func httpClientCreatesNoSpansAndFollowsNoRedirects() async throws {
        let configuration = HTTPClient.Configuration.alibabaSMS(.init())
        #expect(configuration.tracing.tracer == nil)
        #expect(!configuration.connectionPool.retryConnectionEstablishment)
        let redirect = MisbehavingServer.http("302 Found", "", headers: "location: /elsewhere\r\n")
        try await MisbehavingServer.with([.respond(redirect)]) { server in
            let httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            var request = HTTPClientRequest(url: server.url)
            request.method = .POST
            let response = try? await httpClient.execute(request, timeout: .seconds(20))
            try await httpClient.shutdown()
            #expect(response?.status == .found)
            #expect(server.requestCount == 1)
        }
    }
}
