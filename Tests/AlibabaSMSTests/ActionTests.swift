// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import Testing

@testable import AlibabaSMS

/// Tests of the encoding and the validation of every action.
@Suite struct ActionTests {
    static func number(_ text: String) throws -> PhoneNumber { try #require(PhoneNumber(e164: text)) }

    static func vector(_ name: String) throws -> Vector {
        let vectors = try Vector.all()
        return try #require(vectors.first { $0.name == "\(name).json" }).vector
    }

    /// Compares the path, all headers and the body of an action's request with a test vector.
    static func expect(_ action: some AlibabaSMSAction, toBe name: String) throws {
        try action.validate(with: .init())
        let vector = try Self.vector(name)
        let request = try #require(vector.request)
        let credentials = try #require(vector.credentials)
        let signer = RequestSigner(
            credential: try AlibabaCredential(
                accessKeyID: credentials.accessKeyId,
                accessKeySecret: credentials.accessKeySecret,
                securityToken: credentials.securityToken
            )
        )
        let signed = RequestSigner.Request(action, host: try #require(request.header("host")))
        let date = try #require(request.header("x-acs-date").flatMap(SignatureDate.parse))
        let nonce = try #require(request.header("x-acs-signature-nonce"))
        let headers = signer.headers(for: signed, date: date, nonce: nonce)
        let query = signed.query.canonicalQuery
        #expect((query.isEmpty ? "/" : "/?\(query)") == request.path)
        #expect(String(decoding: signed.body, as: UTF8.self) == request.body)
        #expect(
            Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
                == Dictionary(uniqueKeysWithValues: request.headers.map { ($0[0].lowercased(), $0[1]) })
        )
    }

    static let awkward = "Code 1+1=2 & 100% ~sure* (don't!) /a?b#c\n你好 😀"

    @Test func messageMatchesTheVector() throws {
        let vector = try Self.vector("fixed-SendMessageToGlobe")
        let query = try #require([RequestParameter](form: vector.request?.query ?? ""))
        let values = Dictionary(uniqueKeysWithValues: query.map { ($0.name, $0.value) })
        let action = SendMessageToGlobe(
            to: try Self.number("+\(values["To"] ?? "")"),
            message: try #require(values["Message"]),
            from: values["From"],
            type: values["Type"].map(SendMessageToGlobe.MessageType.init(wireName:)),
            taskID: values["TaskId"],
            validity: values["ValidityPeriod"].flatMap { Int($0) }.map { .seconds($0) },
            channelID: values["ChannelId"]
        )
        try Self.expect(action, toBe: "fixed-SendMessageToGlobe")
    }

    @Test func batchMatchesTheVector() throws {
        let batch = BatchSendMessageToGlobe(
            [
                .init(to: try Self.number("+85212345678"), text: "Hi A"),
                .init(to: try Self.number("+6591234567"), text: "Bonjour \"B\" é"),
            ],
            type: .notification
        )
        try Self.expect(batch, toBe: "fixed-BatchSendMessageToGlobe")
    }

    @Test func conversionRateMatchesTheVector() throws {
        let time = Date(timeIntervalSince1970: 1_349_055_900)
        try Self.expect(ConversionData(conversionRate: 0.53, reportTime: time), toBe: "fixed-ConversionData-form")
    }

    /// Checks that an action with its parameters in the body matches the test vector.
    @Test func formMatchesTheVector() throws {
        struct Form: AlibabaSMSAction {
            typealias Response = SendMessageToGlobe.Response

            static let name = SendMessageToGlobe.name
            static let placement = ParameterPlacement.body
            let action: SendMessageToGlobe

            var parameters: [RequestParameter] { self.action.parameters }

            func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {}
        }
        let action = SendMessageToGlobe(to: try Self.number("+6591234567"), message: Self.awkward)
        try Self.expect(Form(action: action), toBe: "fixed-SendMessageToGlobe-form")
    }

    @Test func otherActionsEncodeTheirParameters() throws {
        let template = SendMessageWithTemplate(
            to: try Self.number("+8613800000000"),
            from: "阿里云",
            templateCode: "SMS_1",
            templateParameters: ["product": "a/b", "code": "1234"],
            replyExtension: "90999",
            validity: .seconds(60),
            channelID: "5739"
        )
        try template.validate(with: .init())
        #expect(
            template.parameters.map { "\($0.name)=\($0.value)" } == [
                "To=8613800000000", "From=阿里云", "TemplateCode=SMS_1",
                #"TemplateParam={"code":"1234","product":"a/b"}"#, "SmsUpExtendCode=90999", "ValidityPeriod=60",
                "ChannelId=5739",
            ]
        )
        let query = QueryMessage(messageID: "191921698133637273")
        try query.validate(with: .init())
        #expect(query.parameters.map { "\($0.name)=\($0.value)" } == ["MessageId=191921698133637273"])
        for isDelivered in [true, false] {
            let conversion = SmsConversion(
                messageID: "1",
                isDelivered: isDelivered,
                to: try Self.number("+6591234567"),
                time: Date(timeIntervalSince1970: 1_349_055_900.5)
            )
            try conversion.validate(with: .init())
            #expect(
                conversion.parameters.map { "\($0.name)=\($0.value)" } == [
                    "MessageId=1", "Delivered=\(isDelivered)", "To=6591234567", "ConversionTime=1349055900500",
                ]
            )
        }
    }

    @Test(
        arguments: [
            (0, "0"), (1, "1"), (0.5, "0.5"), (0.000001, "0.000001"), (0.00000001, "0"), (0.9999999, "1"),
            (0.3333333, "0.333333"), (0.1, "0.1"),
        ] as [(Double, String)]
    )
    func rateIsEncodedAsDecimalText(rate: Double, text: String) {
        #expect(ConversionData(conversionRate: rate).parameters.first?.value == text)
    }

    @Test func batchOfAThousandMessagesIsSentInTheBody() throws {
        let messages = try (0..<1000)
            .map { index in
                BatchSendMessageToGlobe.Message(to: try Self.number("+65\(91_000_000 + index)"), text: "你好，您的订单已发货")
            }
        let batch = BatchSendMessageToGlobe(messages)
        try batch.validate(with: .init())
        let request = RequestSigner.Request(batch, host: "h")
        #expect(request.query.isEmpty)
        #expect(request.contentType == "application/x-www-form-urlencoded")
        #expect(request.body == Array(batch.parameters.canonicalQuery.utf8))
        // Decoding the body must yield the parameters.
        let parameters = try #require([RequestParameter](form: String(decoding: request.body, as: UTF8.self)))
        #expect(parameters.map(\.value).sorted() == batch.parameters.map(\.value).sorted())
    }

    @Test func queryMovesToTheBodyBeyondTheLengthLimit() throws {
        let to = try Self.number("+6591234567")
        let overhead = SendMessageToGlobe(to: to, message: "").parameters.canonicalQuery.utf8.count
        let bound = RequestSigner.Request.maximumQueryLength
        for (length, isBody) in [(bound - overhead, false), (bound - overhead + 1, true)] {
            let action = SendMessageToGlobe(to: to, message: String(repeating: "x", count: length))
            let request = RequestSigner.Request(action, host: "h")
            #expect(request.body.isEmpty == !isBody)
            #expect(request.query.isEmpty == isBody)
            #expect((request.contentType != nil) == isBody)
        }
    }

    static func expectInvalid(
        _ action: some AlibabaSMSAction,
        _ field: String,
        location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: AlibabaSMSError.self, sourceLocation: location) {
            try action.validate(with: .init())
        }
        #expect(error?.code == .invalidRequest, sourceLocation: location)
        #expect(error?.kind == .caller, sourceLocation: location)
        #expect(error?.field == field, sourceLocation: location)
    }

    @Test func batchWithAmbiguousNumbersIsInvalid() throws {
        let one = BatchSendMessageToGlobe.Message(to: try Self.number("+6591234567"), text: "Hi")
        let mainland = BatchSendMessageToGlobe.Message(to: try Self.number("+8613800000000"), text: "Hi")
        let many = try (0..<1001)
            .map { index in
                BatchSendMessageToGlobe.Message(to: try Self.number("+65\(91_000_000 + index)"), text: "Hi")
            }
        Self.expectInvalid(BatchSendMessageToGlobe([]), "messages")
        Self.expectInvalid(BatchSendMessageToGlobe(many), "messages")
        Self.expectInvalid(BatchSendMessageToGlobe([one, one]), "messages")
        Self.expectInvalid(BatchSendMessageToGlobe([one, mainland]), "messages")
        Self.expectInvalid(BatchSendMessageToGlobe([.init(to: one.to, text: " ")]), "messages")
        Self.expectInvalid(BatchSendMessageToGlobe([one], from: "no!"), "from")
        Self.expectInvalid(BatchSendMessageToGlobe([one], taskID: ""), "taskID")
        Self.expectInvalid(BatchSendMessageToGlobe([one], validity: .zero), "validity")
        Self.expectInvalid(BatchSendMessageToGlobe([one], channelID: ""), "channelID")
    }

    @Test func invalidFieldOfATemplateIsNamed() throws {
        let good = SendMessageWithTemplate(
            to: try Self.number("+8613800000000"),
            from: "阿里云",
            templateCode: "SMS_1",
            templateParameters: ["code": "1"]
        )
        try good.validate(with: .init())
        let changes: [(String, (inout SendMessageWithTemplate) -> Void)] = [
            ("to", { $0.to = PhoneNumber(e164: "+6591234567") ?? $0.to }),
            ("from", { $0.from = " " }),
            ("templateCode", { $0.templateCode = "" }),
            ("templateCode", { $0.templateCode = "SMS 1" }),
            ("templateParameters", { $0.templateParameters = ["code": ""] }),
            ("templateParameters", { $0.templateParameters = ["": "x"] }),
            ("templateParameters", { $0.templateParameters = ["code": String(repeating: "x", count: 201)] }),
            ("replyExtension", { $0.replyExtension = "9a" }),
            ("replyExtension", { $0.replyExtension = "" }),
            ("validity", { $0.validity = .zero }),
            ("channelID", { $0.channelID = "" }),
        ]
        for (field, change) in changes {
            var action = good
            change(&action)
            Self.expectInvalid(action, field)
        }
    }

    @Test func invalidQueriesAndConversionsAreNamed() throws {
        for id in ["", "a b", String(repeating: "1", count: 65), "é"] {
            Self.expectInvalid(QueryMessage(messageID: id), "messageID")
            Self.expectInvalid(SmsConversion(messageID: id, isDelivered: true), "messageID")
        }
        for time in [Date(timeIntervalSince1970: -1), Date(timeIntervalSince1970: .infinity), .distantFuture + 1e13] {
            Self.expectInvalid(SmsConversion(messageID: "1", isDelivered: true, time: time), "time")
            Self.expectInvalid(ConversionData(conversionRate: 0.5, reportTime: time), "reportTime")
        }
        for rate in [-0.1, 1.1, Double.nan, .infinity] {
            Self.expectInvalid(ConversionData(conversionRate: rate), "conversionRate")
        }
    }

    @Test func onlyHarmlessActionsAreIdempotent() {
        #expect(!SendMessageToGlobe.isIdempotent)
        #expect(!BatchSendMessageToGlobe.isIdempotent)
        #expect(!SendMessageWithTemplate.isIdempotent)
        #expect(QueryMessage.isIdempotent)
        #expect(SmsConversion.isIdempotent)
        #expect(ConversionData.isIdempotent)
    }

    @Test func regionsHaveValidEndpoints() throws {
        for region in AlibabaSMSRegion.all {
            #expect(AlibabaSMSRegion(id: region.id) == region)
            for endpoint in [region.endpoint, region.internalEndpoint].compactMap(\.self) {
                #expect(try Endpoint(AlibabaSMSConfiguration(endpoint: endpoint)).origin == endpoint)
            }
        }
        #expect(AlibabaSMSRegion.singapore.endpoint == AlibabaSMSConfiguration().endpoint)
        // Only the region of mainland China uses this host.
        #expect(AlibabaSMSRegion.all.filter { $0.endpoint == "https://dysmsapi.aliyuncs.com" } == [.mainlandChina])
        for id in ["ap-southeast-3", "cn-beijing", "", "AP-SOUTHEAST-1"] { #expect(AlibabaSMSRegion(id: id) == nil) }
    }
}
