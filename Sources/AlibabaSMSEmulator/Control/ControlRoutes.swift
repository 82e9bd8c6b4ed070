// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore
import StrictJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The routes that control a running emulator: `/api/v1/clock`, `/api/v1/faults` and `/api/v1/reset`.
struct ControlRoutes: Sendable {
    private static let maximumBodySize = 256 * 1024

    let world: EmulatorWorld

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("clock") { _, _ in self.clockState() }
        group.post("clock") { request, _ in
            let change = try await Self.decode(ClockChange.self, from: request)
            await self.world.change(change)
            return self.clockState()
        }
        group.get("faults") { _, _ in self.faultState() }
        group.put("faults") { request, _ in
            do {
                self.world.faults.set(try FaultSettings(json: try await Self.body(of: request), noun: "body"))
            } catch let error as FaultSettings.InvalidJSON {
                throw Problem.badFaults(error.description)
            }
            return self.faultState()
        }
        group.delete("faults") { _, _ in
            self.world.faults.set(FaultSettings())
            return Response(status: .noContent)
        }
        group.post("reset") { _, _ in
            await self.world.reset()
            return Response(status: .noContent)
        }
    }

    private func clockState() -> Response {
        struct State: Encodable {
            var now: String
            var frozen: Bool
        }
        let clock = self.world.clock
        return Response(status: .ok, json: State(now: clock.now.rfc3339, frozen: clock.isFrozen))
    }

    private func faultState() -> Response {
        struct State: Encodable {
            var settings: FaultSettings
            var struck: [Int]

            private enum CodingKeys: String, CodingKey { case struck }

            func encode(to encoder: any Encoder) throws {
                try self.settings.encode(to: encoder)
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(self.struck, forKey: .struck)
            }
        }
        let state = self.world.faults.state
        return Response(status: .ok, json: State(settings: state.settings, struck: state.struckCounts))
    }

    private static func body(of request: Request) async throws(Problem) -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: Self.maximumBodySize).readableBytesView)
        } catch {
            throw .bodyTooBig
        }
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        from request: Request
    ) async throws(Problem) -> Value {
        let body = try await Self.body(of: request)
        do {
            return try JSON(parsing: body, rules: .ownFormat).decode(type)
        } catch {
            throw .badBody(JSON.reason(error, noun: "body"))
        }
    }
}

extension Problem {
    static func badBody(_ reason: String) -> Self {
        Self(status: .badRequest, title: "Bad body", detail: Self.sentence(reason))
    }

    static func badFaults(_ reason: String) -> Self {
        Self(status: .badRequest, title: "Bad faults", detail: Self.sentence(reason))
    }

    /// Converts the reason of an error to a sentence.
    ///
    /// A field name at the start is not capitalized.
    private static func sentence(_ reason: String) -> String {
        reason.hasPrefix("the ") ? "The \(reason.dropFirst(4))." : "\(reason)."
    }

    static let bodyTooBig = Self(
        status: .contentTooLarge,
        title: "Body too big",
        detail: "The body is too big or was cut off."
    )
}
