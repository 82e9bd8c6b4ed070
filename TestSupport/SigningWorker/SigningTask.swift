// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import SMSKit

/// A request to sign, and a text whose segments are counted.
struct SigningTask: Decodable {
    var accessKeyID: String
    var accessKeySecret: String
    var securityToken: String?
    var host: String
    var action: String
    /// The timestamp in seconds since 1 January 1970 in UTC.
    var date: Double
    var nonce: String
    /// The parameters as pairs of name and value, in any order.
    var parameters: [[String]]
    /// The variables of a template, which are sent as an additional parameter.
    var template: [String: String]?
    /// Whether the body of the request contains the parameters.
    var isForm: Bool
    /// The text whose segments are counted.
    var text: String

    /// Signs the request and counts the segments.
    func result() throws -> SigningResult {
        let credential = try AlibabaCredential(
            accessKeyID: self.accessKeyID,
            accessKeySecret: self.accessKeySecret,
            securityToken: self.securityToken
        )
        var parameters = self.parameters.map { RequestParameter($0[0], $0[1]) }
        if let template = self.template {
            let filled = SendMessageWithTemplate(
                to: try PhoneNumber("+8613800000000"),
                from: "Acme",
                templateCode: "SMS_1",
                templateParameters: template
            )
            parameters += filled.parameters.filter { $0.name == "TemplateParam" }
        }
        let form = parameters.canonicalQuery
        let request = RequestSigner.Request(
            host: self.host,
            action: self.action,
            query: self.isForm ? [] : parameters,
            contentType: self.isForm ? "application/x-www-form-urlencoded" : nil,
            body: self.isForm ? Array(form.utf8) : []
        )
        let signer = RequestSigner(credential: credential)
        let date = Date(timeIntervalSince1970: self.date)
        let canonical = signer.canonicalRequest(for: request, date: date, nonce: self.nonce)
        let count = SMSSegmentCount(of: self.text)
        return SigningResult(
            query: request.query.canonicalQuery,
            body: self.isForm ? form : "",
            canonicalRequest: canonical.text,
            stringToSign: canonical.stringToSign,
            headers: signer.headers(for: request, date: date, nonce: self.nonce).map { [$0.name, $0.value] },
            templateParam: parameters.first { $0.name == "TemplateParam" }?.value,
            encoding: count.encoding.rawValue,
            units: count.units,
            segments: count.segments
        )
    }
}

/// The result of a ``SigningTask``.
struct SigningResult: Encodable {
    var query: String
    var body: String
    var canonicalRequest: String
    var stringToSign: String
    /// The headers as pairs of name and value, with the authorization last.
    var headers: [[String]]
    var templateParam: String?
    var encoding: String
    var units: Int
    var segments: Int
}
